import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerMessage, type Trace } from './answer.js';
import { BodyRefused, readBody } from './body.js';
import type { EndpointState, RequestInfo, SoapEndpoint } from './contract.js';
import { emptyAnswer, type SoapAnswer } from './faults.js';
import { wsdlServer } from './wsdl-serve.js';

/** The HTTP side of an endpoint: raw streams in and out, no framework's body parser in between. */
export function handleHttp<Context, Caller>(state: EndpointState<Context, Caller>): SoapEndpoint['handle'] {
  const wsdlAt = wsdlServer(state.compiled.description.text);
  return (request, response, info) => {
    if (request.method === 'POST') return post(state, request, response, info);
    const answer =
      request.method === 'GET'
        ? get(state, request.url ?? '', info, wsdlAt)
        : { ...emptyAnswer(405), headers: { Allow: 'GET, POST' } };
    send(response, answer);
    return Promise.resolve();
  };
}

function get<Context, Caller>(
  state: EndpointState<Context, Caller>,
  target: string,
  info: RequestInfo,
  wsdlAt: (url: string) => string,
): SoapAnswer {
  const url = info.publicUrl + info.path;
  const mark = target.indexOf('?');
  if (mark !== -1 && /^wsdl(?:[=&]|$)/i.test(target.slice(mark + 1))) {
    return { status: 200, contentType: 'text/xml; charset=utf-8', body: wsdlAt(url) };
  }
  const { name } = state.definition;
  const body = `${name} is a SOAP service: send messages by POST. Its description is at ${url}?wsdl\n`;
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}

async function post<Context, Caller>(
  state: EndpointState<Context, Caller>,
  request: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
): Promise<void> {
  const started = performance.now();
  const trace: Trace = { operation: '', text: '' };
  let answer: SoapAnswer;
  let complete = true;
  try {
    const bytes = await readBody(request, state.limits);
    answer = await answerMessage(state, bytes, request.headers, info, trace);
  } catch (error) {
    if (error instanceof BodyRefused) {
      if (error.problem === 'gone') return;
      complete = error.complete;
      answer = emptyAnswer(statusOf[error.problem]);
    } else {
      state.definition.report({
        message: 'a SOAP answer failed',
        requestId: info.requestId,
        operation: trace.operation,
        error,
      });
      answer = emptyAnswer(500);
    }
  }
  send(response, answer, complete);
  state.observer?.push({
    service: state.definition.name,
    requestId: info.requestId,
    address: info.address,
    duration: performance.now() - started,
    operation: trace.operation,
    status: answer.status,
    request: trace.text,
    response: answer.body,
  });
}

const statusOf = { 'too-large': 413, 'too-slow': 408, encoding: 415 } as const;

function send(response: ServerResponse, answer: SoapAnswer, complete = true): void {
  // one flat buffer: a string put together from many pieces is slow to write to a socket
  const body = Buffer.from(answer.body);
  const headers: Record<string, string | number> = {
    'Cache-Control': 'private, max-age=0',
    'Content-Length': body.length,
    'X-Content-Type-Options': 'nosniff',
  };
  if (answer.contentType !== null) headers['Content-Type'] = answer.contentType;
  if (!complete) headers.Connection = 'close';
  response.writeHead(answer.status, answer.headers === undefined ? headers : { ...headers, ...answer.headers });
  response.end(body);
}
