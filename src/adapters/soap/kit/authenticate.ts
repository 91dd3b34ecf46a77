import type { CompiledOperation } from './compile.js';
import type { EndpointState } from './contract.js';
import { type Credentials, unfitSignature } from './credentials.js';
import { elementKey } from './dispatch.js';
import type { SoapMessage } from './envelope.js';
import type { XmlElement } from './parse.js';
import { isSigned, readCredentials } from './security-header.js';
import { readSignedMessage } from './signature.js';

/** What a message shows of its caller, and the message to act on. */
export interface Shown {
  readonly credentials: Credentials;
  readonly message: SoapMessage;
}

/** Credentials of a message without a signature at once, those of a signed one when it has been verified. @throws AuthenticationFailed */
export function readShown<Context, Caller>(
  state: EndpointState<Context, Caller>,
  operation: CompiledOperation,
  message: SoapMessage,
  security: XmlElement | null,
  authorization: string | undefined,
): Shown | Promise<Shown> {
  if (state.signatures !== null && security !== null && isSigned(security)) {
    return readSigned(state, state.signatures, operation, message, security);
  }
  return { credentials: readCredentials(security, authorization, state.definition.clock, state.window), message };
}

async function readSigned<Context, Caller>(
  { definition, compiled, window, limits }: EndpointState<Context, Caller>,
  rules: NonNullable<EndpointState<Context, Caller>['signatures']>,
  operation: CompiledOperation,
  message: SoapMessage,
  security: XmlElement,
): Promise<Shown> {
  const signed = await readSignedMessage(message, security, { rules, clock: definition.clock, window, limits });
  const { request } = signed.message;
  // no signature covers HTTP headers, so a SOAPAction may not choose another operation than the Body names
  if (request === null || compiled.routes.byElement.get(elementKey(request)) !== operation) {
    throw unfitSignature('the operation is not that of the signed Body');
  }
  return signed;
}
