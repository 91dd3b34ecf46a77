import type { SoapMessage } from './envelope.js';
import { emptyAnswer, type FaultCode, faultTexts, type SoapAnswer, SoapFault } from './faults.js';
import type { MediaType } from './media-type.js';
import { contentTypes, type SoapVersion, soap11Uri, soap12Uri } from './namespaces.js';
import type { MalformedXml, XmlElement } from './parse.js';

/**
 * How a protocol finds the operation:
 * `action`: SOAPAction alone for SOAP 1.1, action parameter then Body for 1.2 (kakapo.md 2.2);
 * `action-or-body`: the same, but an unknown or empty SOAPAction falls back to the Body (nec.md 4.3);
 * `body`: the qualified name of the Body's child; SOAPAction is ignored (PRM).
 */
export type DispatchStyle = 'action' | 'action-or-body' | 'body';

export interface RouteTable<Route> {
  readonly byAction: ReadonlyMap<string, Route>;
  /** Key `{namespace}local`. */
  readonly byElement: ReadonlyMap<string, Route>;
}

/** What the HTTP headers alone say. */
export interface HeaderVerdict<Route> {
  readonly route: Route | undefined;
  /** The first guess of kakapo.md 2.2: routed as SOAP 1.1, by the SOAPAction header. */
  readonly bySoapAction: boolean;
  readonly action: string | undefined;
  readonly refusal: SoapAnswer | SoapFault | null;
}

export const textXml = 'text/xml';
export const soapXml = 'application/soap+xml';

export function judgeHeaders<Route>(
  style: DispatchStyle,
  table: RouteTable<Route>,
  mediaType: MediaType,
  soapAction: string | undefined,
): HeaderVerdict<Route> {
  const bySoapAction = style !== 'body' && soapAction !== undefined && mediaType.type !== soapXml;
  const action = bySoapAction ? soapAction : mediaType.action;
  const route = style === 'body' || action === undefined ? undefined : table.byAction.get(action);
  let refusal: SoapAnswer | SoapFault | null = null;
  if (style === 'action' && bySoapAction && route === undefined) {
    refusal = new SoapFault('Client', faultTexts.unknownAction(soapAction ?? ''));
  } else if (mediaType.type !== textXml && mediaType.type !== soapXml) {
    refusal = emptyAnswer(415);
  }
  return { route, bySoapAction, action, refusal };
}

/** The operation of a message whose frame is right. @throws SoapFault when none fits */
export function chooseRoute<Route>(
  style: DispatchStyle,
  table: RouteTable<Route>,
  verdict: HeaderVerdict<Route>,
  message: SoapMessage,
): Route {
  if (verdict.route !== undefined) return verdict.route;
  const sent = message.request === null ? '' : elementKey(message.request);
  const found = table.byElement.get(sent);
  if (found !== undefined) return found;
  if (style === 'body') {
    const known = message.request === null ? undefined : namesake(table, message.request.local);
    throw new SoapFault('Client', faultTexts.unknownOperation(sent, known));
  }
  if (verdict.action === undefined || verdict.action === '') throw new SoapFault('Client', faultTexts.noAction);
  throw new SoapFault(
    'Client',
    verdict.bySoapAction ? faultTexts.unknownAction(verdict.action) : faultTexts.unknownAction12(verdict.action),
  );
}

/** Who has made its messages from another WSDL errs in the namespace: what it would be here. */
function namesake<Route>({ byElement }: RouteTable<Route>, local: string): string | undefined {
  return [...byElement.keys()].find((key) => key.endsWith(`}${local}`));
}

export function elementKey(element: XmlElement): string {
  return `{${element.uri}}${element.local}`;
}

/** The answer to bytes that are no acceptable XML: its SOAP version and fault, or an answer without one (kakapo.md 2.4). */
export function judgeMalformed<Route>(
  style: DispatchStyle,
  verdict: HeaderVerdict<Route>,
  error: MalformedXml,
): SoapAnswer | { version: SoapVersion; fault: SoapFault } {
  if (verdict.bySoapAction && verdict.route !== undefined) return emptyAnswer(400, contentTypes['1.1']);
  const version: SoapVersion = error.rootUri === soap11Uri ? '1.1' : error.rootUri === soap12Uri ? '1.2' : silent();
  const code: FaultCode = style === 'body' ? 'Client' : 'Server';
  return { version, fault: new SoapFault(code, faultTexts.unprocessed(describe(error))) };

  function silent(): SoapVersion {
    return verdict.bySoapAction || style === 'body' ? '1.1' : '1.2';
  }
}

function describe(error: MalformedXml): string {
  switch (error.problem) {
    case 'syntax':
      return `The XML is not well-formed. Line ${error.line}, position ${error.column}.`;
    case 'doctype':
      return 'For security reasons DTD is prohibited in this XML document.';
    case 'instruction':
      return 'Processing instructions are not accepted in this XML document.';
    case 'limit':
      return 'The XML document exceeds the limits of this service.';
    case 'charset':
      return 'The XML document is not in the character encoding it declares.';
  }
}
