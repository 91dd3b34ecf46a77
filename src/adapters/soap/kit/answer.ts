import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../../core/shared/errors.js';
import { readShown } from './authenticate.js';
import { authenticationFault } from './authentication-fault.js';
import { decodeText, UnsupportedCharset } from './charset.js';
import type { CompiledOperation } from './compile.js';
import type { EndpointState, RequestInfo, SoapCall } from './contract.js';
import { AuthenticationFailed } from './credentials.js';
import { UnreadableValue } from './decode.js';
import { chooseRoute, elementKey, judgeHeaders, judgeMalformed, soapXml } from './dispatch.js';
import { readEnvelope, type SoapMessage, versionOf } from './envelope.js';
import { bodyAnswer, emptyAnswer, envelope, faultAnswer, faultTexts, type SoapAnswer, SoapFault } from './faults.js';
import { readMediaType, readSoapAction } from './media-type.js';
import type { SoapVersion } from './namespaces.js';
import { MalformedXml, parseXml, positionOf } from './parse.js';
import { securityBlock } from './security-header.js';
import { notUnderstood } from './understand.js';

/** What became known of a call on its way, for the inspector and the log. */
export interface Trace {
  operation: string;
  text: string;
}

/** One message in, one answer out: parse, frame, route, authenticate, decode, run, write (kakapo.md 2.2-2.4). Never rejects. */
export async function answerMessage<Context, Caller>(
  state: EndpointState<Context, Caller>,
  bytes: Buffer | MalformedXml,
  headers: IncomingHttpHeaders,
  info: RequestInfo,
  trace: Trace,
): Promise<SoapAnswer> {
  const { definition, compiled } = state;
  const mediaType = readMediaType(headers['content-type']);
  const verdict = judgeHeaders(definition.dispatch, compiled.routes, mediaType, readSoapAction(headers.soapaction));
  let version: SoapVersion = verdict.bySoapAction || mediaType.type !== soapXml ? '1.1' : '1.2';
  let operation: CompiledOperation | undefined = verdict.route;
  let message: SoapMessage | null = null;
  try {
    if (verdict.refusal instanceof SoapFault) throw verdict.refusal;
    if (verdict.refusal !== null) return verdict.refusal;
    if (bytes instanceof MalformedXml) throw bytes;
    const text = decodeText(bytes, mediaType.charset);
    trace.text = text;
    const root = parseXml(text, state.limits);
    version = versionOf(root) ?? (root.local === 'Envelope' ? '1.1' : version);
    if (versionOf(root) === '1.1' && mediaType.type === soapXml) return emptyAnswer(415);
    message = readEnvelope(bytes, text, root);
    operation = settleSpelling(
      chooseRoute(definition.dispatch, compiled.routes, verdict, message),
      message,
      compiled.routes,
    );
    trace.operation = operation.name;
    return await runOperation(state, operation, message, headers.authorization, info);
  } catch (error) {
    if (error instanceof UnsupportedCharset) return emptyAnswer(415);
    if (error instanceof MalformedXml) {
      const judged = judgeMalformed(definition.dispatch, verdict, error);
      return 'fault' in judged ? faultAnswer(judged.version, judged.fault, '') : judged;
    }
    const fault = faultOf(state, error, message, info, trace);
    return faultAnswer(version, fault, detailOf(fault, operation, state));
  }
}

/** With a right header the Body may still name the same operation in another spelling: that one answers. */
function settleSpelling(
  chosen: CompiledOperation,
  message: SoapMessage,
  routes: { readonly byElement: ReadonlyMap<string, CompiledOperation> },
): CompiledOperation {
  const named = message.request === null ? undefined : routes.byElement.get(elementKey(message.request));
  return named !== undefined && named.name === chosen.name ? named : chosen;
}

async function runOperation<Context, Caller>(
  state: EndpointState<Context, Caller>,
  operation: CompiledOperation,
  sent: SoapMessage,
  authorization: string | undefined,
  info: RequestInfo,
): Promise<SoapAnswer> {
  const { definition, context } = state;
  const security = sent.headers.length === 0 ? null : securityBlock(sent);
  const ignored = notUnderstood(state, sent);
  if (ignored !== null && state.mustUnderstand === 'before') throw ignored;
  const shown = readShown(state, operation, sent, security, authorization);
  // without a signature there is nothing to wait for
  const { credentials, message } = shown instanceof Promise ? await shown : shown;
  const { requestId, address, secure, publicUrl, path } = info;
  const known = { requestId, address, secure, publicUrl, path, context, operation: operation.name };
  let actor: Caller;
  try {
    actor = await definition.authenticate(credentials, { ...known, message });
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'unauthenticated')
      throw new AuthenticationFailed(credentials.kind, error.code);
    throw error;
  }
  if (state.strict) await validateRequest(state, operation, message);
  const input = decodeInput(operation, message, sent);
  const headers = security === null ? message.headers : message.headers.filter((block) => block !== security);
  const call: SoapCall<Context, Caller> = { ...known, soapVersion: message.version, actor, headers };
  const output = await callHandler(state, call, input);
  if (ignored !== null) throw ignored;
  if (definition.validateResponses === true) await validateResponse(operation, message.version, output);
  return bodyAnswer(message.version, operation.write(output));
}

/** Offsets in a verified message mean nothing to who sent the original: there the Body is pointed at. */
function decodeInput(operation: CompiledOperation, message: SoapMessage, sent: SoapMessage): unknown {
  try {
    return operation.decode(message.request);
  } catch (error) {
    if (message === sent || !(error instanceof UnreadableValue)) throw error;
    throw new UnreadableValue(error.reason, sent.body.start);
  }
}

async function callHandler<Context, Caller>(
  { definition }: EndpointState<Context, Caller>,
  call: SoapCall<Context, Caller>,
  input: unknown,
): Promise<unknown> {
  try {
    return await definition.operations[call.operation]!(input, call);
  } catch (error) {
    if (error instanceof SoapFault) throw error;
    const mapped = definition.mapError?.(error, call);
    if (mapped === undefined) throw error;
    if (mapped instanceof SoapFault) throw mapped;
    return mapped.output;
  }
}

async function validateRequest<Context, Caller>(
  { definition }: EndpointState<Context, Caller>,
  operation: CompiledOperation,
  message: SoapMessage,
): Promise<void> {
  const { text, request } = message;
  if (request !== null && operation.isPlain(request)) return;
  const validate = await operation.validator();
  const problem =
    request === null ? 'soap:Body is empty' : validate(operation.respell ? operation.respell(text, request) : text);
  if (problem === null) return;
  const reason = problem.replace(/[\r\n]+/g, ' ').slice(0, 300);
  throw definition.invalidRequest?.(reason) ?? new SoapFault('Client', faultTexts.invalidFormat(reason));
}

class InvalidResponse extends Error {}

async function validateResponse(operation: CompiledOperation, version: SoapVersion, output: unknown): Promise<void> {
  const validate = await operation.validator();
  const problem = validate(envelope(version, operation.writeCanonical(output)));
  if (problem !== null) throw new InvalidResponse(`the answer of ${operation.name} breaks its schema: ${problem}`);
}

function faultOf<Context, Caller>(
  { definition, strict }: EndpointState<Context, Caller>,
  error: unknown,
  message: SoapMessage | null,
  info: RequestInfo,
  trace: Trace,
): SoapFault {
  if (error instanceof SoapFault) return error;
  if (error instanceof AuthenticationFailed) return (definition.authenticationFault ?? authenticationFault)(error);
  if (error instanceof UnreadableValue) {
    // a schema allows a few values nobody can store, the year 10000 for one
    const refused = strict ? definition.invalidRequest?.(error.reason) : undefined;
    if (refused !== undefined) return refused;
    const { line, column } = positionOf(message?.text ?? '', error.offset);
    return new SoapFault('Client', faultTexts.unreadable(line, column, error.reason));
  }
  const kind = error instanceof InvalidResponse ? error.message : 'internal error in a SOAP call';
  definition.report({ message: kind, requestId: info.requestId, operation: trace.operation, error });
  return new SoapFault('Server', faultTexts.unprocessed(`Internal error, request ${info.requestId}.`));
}

function detailOf<Context, Caller>(
  fault: SoapFault,
  operation: CompiledOperation | undefined,
  { compiled, definition }: EndpointState<Context, Caller>,
): string {
  if (fault.options.detail === undefined) return '';
  const source = operation ?? compiled.routes.byElement.values().next().value;
  try {
    return source?.faultDetail(fault) ?? '';
  } catch (error) {
    definition.report({
      message: 'the detail of a fault breaks its schema',
      requestId: '',
      operation: operation?.name ?? '',
      error,
    });
    return '';
  }
}
