import { element, printMarkup, xmlDeclaration } from './markup.js';
import { serviceName } from './wsdl.js';

/** The discovery document: where the description, the page and the SOAP bindings are. */
export function writeDisco(address: string, namespace: string): string {
  const soap = (binding: string, prefix: string) =>
    element('soap', {
      address,
      [`xmlns:${prefix}`]: namespace,
      binding: `${prefix}:${binding}`,
      xmlns: 'http://schemas.xmlsoap.org/disco/soap/',
    });
  const root = element(
    'discovery',
    {
      'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      xmlns: 'http://schemas.xmlsoap.org/disco/',
    },
    [
      element('contractRef', {
        ref: `${address}?wsdl`,
        docRef: address,
        xmlns: 'http://schemas.xmlsoap.org/disco/scl/',
      }),
      soap(`${serviceName}Soap`, 'q1'),
      soap(`${serviceName}Soap12`, 'q2'),
    ],
  );
  return `${xmlDeclaration}\n${printMarkup(root, '\n')}\n`;
}
