import { faultTexts, SoapFault } from './faults.js';
import { type SoapVersion, soap11Uri, soap12Uri } from './namespaces.js';
import { attribute, type XmlElement } from './parse.js';

/**
 * A message taken apart, with its bytes, its text and the tree with its offsets. Of a signed message a protocol sees one made of
 * what the signature covers: the Body and the header blocks that are signed.
 */
export interface SoapMessage {
  readonly version: SoapVersion;
  /** The body of the HTTP request after gunzip. */
  readonly bytes: Buffer;
  /** The document as decoded; offsets of elements point into it. */
  readonly text: string;
  readonly envelope: XmlElement;
  readonly headers: readonly XmlElement[];
  readonly body: XmlElement;
  /** The one element in the Body; null when the Body is empty. */
  readonly request: XmlElement | null;
}

/** Version of an envelope, or null when the root is no Envelope of a version we know. */
export function versionOf(root: XmlElement): SoapVersion | null {
  if (root.local !== 'Envelope') return null;
  return root.uri === soap11Uri ? '1.1' : root.uri === soap12Uri ? '1.2' : null;
}

/**
 * Checks the frame of a message: a known Envelope, one Body with at most one element, at most one Header.
 * @throws SoapFault with the texts of kakapo.md 2.4
 */
export function readEnvelope(bytes: Buffer, text: string, root: XmlElement): SoapMessage {
  if (root.local !== 'Envelope') throw badFrame(faultTexts.missing('Envelope'));
  const version = versionOf(root);
  if (version === null) throw new SoapFault('VersionMismatch', faultTexts.versionMismatch(root.uri));
  let header: XmlElement | null = null;
  let body: XmlElement | null = null;
  for (const child of root.children) {
    if (child.uri !== root.uri) continue;
    if (child.local === 'Header') {
      if (header !== null) throw badFrame('Only one soap:Header element is allowed.');
      header = child;
    } else if (child.local === 'Body') {
      if (body !== null) throw badFrame('Only one soap:Body element is allowed.');
      body = child;
    }
  }
  if (body === null) throw badFrame(faultTexts.missing('Body'));
  if (body.children.length > 1) throw badFrame('Only one element is allowed in soap:Body.');
  const headers = header === null ? [] : header.children;
  return { version, bytes, text, envelope: root, headers, body, request: body.children[0] ?? null };
}

function badFrame(reason: string): SoapFault {
  return new SoapFault('Client', faultTexts.invalidFormat(reason));
}

const next11 = 'http://schemas.xmlsoap.org/soap/actor/next';
const rolesForUs = new Set([
  'http://www.w3.org/2003/05/soap-envelope/role/next',
  'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
]);

/** Whether a header block is meant for this node and not for an intermediary. */
export function isForUs(block: XmlElement): boolean {
  const actor = attribute(block, soap11Uri, 'actor');
  if (actor !== undefined && actor !== '' && actor !== next11) return false;
  const role = attribute(block, soap12Uri, 'role');
  return role === undefined || role === '' || rolesForUs.has(role);
}

export function mustUnderstand(block: XmlElement, envelopeNamespace: string): boolean {
  const flag = attribute(block, envelopeNamespace, 'mustUnderstand')?.trim();
  return (flag === '1' || flag === 'true') && isForUs(block);
}
