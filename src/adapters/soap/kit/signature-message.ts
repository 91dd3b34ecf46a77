import { readEnvelope, type SoapMessage } from './envelope.js';
import { envelopeUri } from './namespaces.js';
import { type ParseLimits, parseXml, type XmlElement } from './parse.js';

/** An element a signature covers and its canonical form, whose digest was right. */
export interface SignedPart {
  readonly element: XmlElement;
  readonly text: string;
}

/**
 * A message of the verified parts alone: the Body and those header blocks that are signed. Decoding the original's Body would be as
 * right only as long as every parser involved agreed on where it is; and a prefix in a value (xsi:type) can be bound anew around
 * a Body without breaking its signature, whereas here it is what was signed or nothing.
 */
export function verifiedMessage(message: SoapMessage, parts: readonly SignedPart[], limits: ParseLimits): SoapMessage {
  const textOf = (wanted: readonly XmlElement[]): string =>
    parts
      .filter(({ element }) => wanted.includes(element))
      .map((part) => part.text)
      .join('');
  // with a prefix, for a default namespace would reach into parts that have none
  const text =
    `<e:Envelope xmlns:e="${envelopeUri[message.version]}"><e:Header>${textOf(message.headers)}</e:Header>` +
    `${textOf([message.body])}</e:Envelope>`;
  return readEnvelope(Buffer.from(text), text, parseXml(text, limits));
}
