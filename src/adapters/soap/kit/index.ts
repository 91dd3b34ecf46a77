export { authenticationFault, securityFault } from './authentication-fault.js';
export { BodyRefused, readBody } from './body.js';
export { readPem } from './certificates.js';
export { decodeText, UnsupportedCharset } from './charset.js';
export type { Spelling } from './compile.js';
export type {
  EndpointOptions,
  MappedError,
  OperationHandler,
  RequestInfo,
  SoapCall,
  SoapEndpoint,
  SoapRequest,
  SoapService,
  SoapServiceDefinition,
} from './contract.js';
export {
  AuthenticationFailed,
  type CallerCertificate,
  type Credentials,
  type CredentialsKind,
  defaultSecurityWindow,
  type SecurityFaultCode,
  type SecurityWindow,
  type SignatureCredentials,
  type UsernameToken,
} from './credentials.js';
export type {
  ComplexType,
  Field,
  OperationDescription,
  SchemaType,
  ServiceDescription,
  SimpleType,
} from './description.js';
export type { DispatchStyle } from './dispatch.js';
export type { SoapMessage } from './envelope.js';
export { escapeAttribute, escapeText } from './escape.js';
export { type FaultCode, type FaultOptions, type SoapAnswer, SoapFault } from './faults.js';
export { defaultLimits, type SoapLimits } from './limits.js';
export { type SoapVersion, soap11Uri, soap12Uri, wsseUri, wsuUri } from './namespaces.js';
export { masker, type SoapRecord } from './observe.js';
export {
  attribute,
  childrenNamed,
  MalformedXml,
  parseXml,
  positionOf,
  type XmlAttribute,
  XmlElement,
} from './parse.js';
export { verifyPasswordDigest } from './security-header.js';
export { defineSoapService } from './service.js';
export type { SignatureOptions } from './signature-rules.js';
export { lazyValidator } from './validate.js';
export { BadValue, decodeDateTime, textDecoder } from './values.js';
export { compileElementWriter } from './write.js';
export { loadWsdl, readWsdl } from './wsdl-reader.js';
