export const soap11Uri = 'http://schemas.xmlsoap.org/soap/envelope/';
export const soap12Uri = 'http://www.w3.org/2003/05/soap-envelope';
export const xsiUri = 'http://www.w3.org/2001/XMLSchema-instance';
export const xsdUri = 'http://www.w3.org/2001/XMLSchema';
export const wsdlUri = 'http://schemas.xmlsoap.org/wsdl/';
export const wsdlSoap11Uri = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const wsdlSoap12Uri = 'http://schemas.xmlsoap.org/wsdl/soap12/';
export const wsseUri = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const wsuUri = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

export const dsUri = 'http://www.w3.org/2000/09/xmldsig#';
export const exclusiveUri = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const xmlUri = 'http://www.w3.org/XML/1998/namespace';
export const xmlnsUri = 'http://www.w3.org/2000/xmlns/';

export type SoapVersion = '1.1' | '1.2';

export const envelopeUri: Readonly<Record<SoapVersion, string>> = { '1.1': soap11Uri, '1.2': soap12Uri };

export const contentTypes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
};
