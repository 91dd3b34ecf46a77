import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDomainError } from '../../../../core/shared/errors.js';
import type { RequestInfo } from '../../../marketplace.js';
import { hostingOf } from '../../hosting.js';
import { BodyRefused, defaultLimits, escapeText, readBody, type ServiceDescription } from '../../kit/index.js';
import type { KakapoContext } from '../context.js';
import type { OperationContract } from '../contract/index.js';
import type { Handle } from '../handle.js';
import { checkFormAnswer } from './check-form-answer.js';
import { writeFormAnswer } from './form-answer.js';
import { type FormParameters, readFormParameters } from './form-parameters.js';
import { echoed, FormProblem } from './form-problem.js';
import { recordedAnswer, recordedForm } from './form-record.js';
import { readFormValues } from './form-values.js';
import { internalErrorText } from './internal-error.js';
import { findOperation, findOperationInAnyCase, namespacesOf } from './names.js';
import { emptyReply, plainReply, type Reply, respond, textXml } from './respond.js';

export type FormBindings = (
  request: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
  methodName: string,
) => Promise<void>;

const formType = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?(?:utf-?8|us-ascii)"?\s*)?;?\s*$/i;
const nothing: FormParameters = new Map();

/**
 * The HTTP GET and POST bindings of a channel (spec Kakapo 2.5). Addresses of GET calls hold passwords: neither they nor their
 * queries are logged, and calls are recorded by `recordedForm` alone.
 */
export function createFormBindings(
  context: KakapoContext,
  description: ServiceDescription,
  handle: Handle,
): FormBindings {
  const { ports, channel, settings } = context;
  const hosting = hostingOf(ports, 'kakapo', channel.id);
  const limits = { ...defaultLimits, ...hosting.limits };
  const [namespace] = namespacesOf(settings);
  const check = checkFormAnswer(description);

  interface Known {
    operation: OperationContract | undefined;
    sent: FormParameters;
  }

  async function answer(request: IncomingMessage, info: RequestInfo, methodName: string, known: Known): Promise<Reply> {
    const body = request.method === 'POST' ? await readBody(request, limits) : undefined;
    known.operation = chooseOperation(methodName);
    known.sent = body === undefined ? readFormParameters(queryOf(request)) : readFormBody(request, body);
    const { requestId, address } = info;
    const values = readFormValues(known.operation, known.sent);
    const text = writeFormAnswer(
      known.operation.answer,
      await handle(known.operation, values, { requestId, address }),
      namespace,
    );
    if (ports.validateResponses) await check(text);
    return { status: 200, contentType: textXml, body: text };
  }

  function chooseOperation(name: string): OperationContract {
    const found = findOperation(name, settings);
    if (found !== undefined) return found;
    const meant = findOperationInAnyCase(name);
    throw new FormProblem(
      meant === undefined
        ? `${echoed(name)} Web Service method name is not valid.`
        : `Invalid method name '${echoed(name)}',  method names are case sensitive.   The method name '${meant.name}' with ` +
            'the same name but different casing was found.\r\nParameter name: methodName',
    );
  }

  function replyTo(error: unknown, info: RequestInfo, operation: OperationContract | undefined): Reply | null {
    if (error instanceof BodyRefused) {
      if (error.problem === 'gone') return null;
      return { ...emptyReply(statusOf[error.problem]), cut: !error.complete };
    }
    if (error instanceof FormProblem) return plainReply(error.status, htmlEscaped(error.message));
    const busy = isDomainError(error, 'busy');
    const { requestId } = info;
    if (!busy) {
      hosting.report({ message: 'a Kakapo call failed', requestId, operation: operation?.name ?? '', error });
    }
    return plainReply(busy ? 503 : 500, internalErrorText(error, requestId));
  }

  return async (request, response, info, methodName) => {
    const started = performance.now();
    const known: Known = { operation: undefined, sent: nothing };
    let reply: Reply | null;
    try {
      reply = await answer(request, info, methodName, known);
    } catch (error) {
      reply = replyTo(error, info, known.operation);
    }
    if (reply === null) return;
    respond(response, reply);
    hosting.observe?.({
      service: description.name,
      requestId: info.requestId,
      address: info.address,
      duration: performance.now() - started,
      operation: known.operation?.name ?? '',
      status: reply.status,
      request: recordedForm(request.method ?? '', info.mount, known.operation, known.sent),
      response: recordedAnswer(known.operation, reply.body),
    });
  };
}

const statusOf = { 'too-large': 413, 'too-slow': 408, encoding: 415 } as const;

/** The query as bytes: an address may hold any of them. */
function queryOf({ url = '' }: IncomingMessage): Buffer {
  const mark = url.indexOf('?');
  return Buffer.from(mark === -1 ? '' : url.slice(mark + 1), 'latin1');
}

function readFormBody(request: IncomingMessage, body: Buffer | Error): FormParameters {
  const type = request.headers['content-type'] ?? '';
  if (!formType.test(type)) throw new FormProblem(`Request format is invalid: ${echoed(type)}.`);
  if (body instanceof Error) throw new FormProblem('Request format is invalid: the body is not gzip.', 400);
  return readFormParameters(body);
}

/** Messages are escaped one by one; line breaks and what joins two messages are the host's own. */
function htmlEscaped(text: string): string {
  return text
    .split(/(\r\n| ---> )/)
    .map((part, at) => (at % 2 === 1 ? part : escapeText(part)))
    .join('')
    .replaceAll('"', '&quot;');
}
