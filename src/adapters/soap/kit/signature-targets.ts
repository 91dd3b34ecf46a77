import { unfitSignature } from './credentials.js';
import type { SoapMessage } from './envelope.js';
import { dsUri, wsseUri, wsuUri } from './namespaces.js';
import type { XmlElement } from './parse.js';
import type { Ids } from './signature-ids.js';
import type { SignatureRules } from './signature-rules.js';
import type { SignedInfo } from './signature-structure.js';

/**
 * The elements a signature refers to, in its order. Each must be what it is called and where that has a meaning: the Body of this
 * envelope, one of its header blocks, or a part of the Security block. A Body that was moved is none of these; nor is a signed
 * Timestamp among the header blocks, where it would be covered and yet not be looked at.
 * @throws AuthenticationFailed
 */
export function resolveTargets(
  info: SignedInfo,
  ids: Ids,
  message: SoapMessage,
  security: XmlElement,
): readonly XmlElement[] {
  const targets = info.references.map(({ id }) => {
    const element = ids.resolve(id);
    if (element === null) throw unfitSignature('reference to nothing');
    const inPlace =
      element === message.body ||
      (isSecurityPart(element) ? element.parent === security : message.headers.includes(element));
    if (!inPlace) throw unfitSignature('reference to an element that is not acted on');
    return element;
  });
  if (new Set(targets).size !== targets.length) throw unfitSignature('two references to one element');
  return targets;
}

/** Tokens, times and all else of WS-Security; the Security block itself is one too, and no message can sign its own signature. */
function isSecurityPart({ uri }: XmlElement): boolean {
  return uri === wsseUri || uri === wsuUri || uri === dsUri;
}

/** @throws AuthenticationFailed when something that will be acted on is not covered */
export function checkCoverage(
  targets: readonly XmlElement[],
  parts: { readonly body: XmlElement; readonly stamp: XmlElement | null; readonly token: XmlElement | null },
  rules: SignatureRules,
): void {
  if (!targets.includes(parts.body)) throw unfitSignature('Body is not signed');
  if (parts.stamp === null && rules.requireTimestamp) throw unfitSignature('Timestamp missing');
  if (parts.stamp !== null && !targets.includes(parts.stamp)) throw unfitSignature('Timestamp is not signed');
  if (parts.token !== null && rules.requireSignedToken && !targets.includes(parts.token)) {
    throw unfitSignature('UsernameToken is not signed');
  }
}
