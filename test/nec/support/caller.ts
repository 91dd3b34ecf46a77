import { request as httpRequest } from 'node:http';
import { compileDecoder } from '../../../src/adapters/soap/kit/decode.js';
import {
  compileElementWriter,
  defaultLimits,
  loadWsdl,
  parseXml,
  readWsdl,
  soap11Uri,
  type XmlElement,
} from '../../../src/adapters/soap/kit/index.js';

const description = readWsdl(loadWsdl('nec/NcbsIsvService.wsdl'));
const operations = new Map(
  description.operations.map((operation) => [
    operation.name,
    {
      write: compileElementWriter(operation.input),
      read: compileDecoder(operation.output.type, {}),
    },
  ]),
);
export const operationNames = [...operations.keys()];

export interface Reply {
  readonly status: number;
  readonly text: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the fields of thirty answers, looked at by the assertions
export type Answer = { resultCode: number; resultMessage: string; requestId?: string } & Record<string, any>;

export interface Caller {
  (operation: string, input?: object): Promise<Answer>;
  /** Sends the content of a Body as it is; answers what came back over HTTP. */
  raw(body: string, options?: { header?: string; headers?: Record<string, string> }): Promise<Reply>;
}

export function createCaller(url: string, credentials: { username: string; password: string }): Caller {
  const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  const raw: Caller['raw'] = (body, { header = '', headers = {} } = {}) =>
    exchange(url, envelope(body, header), {
      'content-type': 'text/xml; charset=utf-8',
      ...(header === '' && { authorization }),
      ...headers,
    });
  const call = async (operation: string, input: object = {}): Promise<Answer> => {
    const { write, read } = operations.get(operation)!;
    const reply = await raw(write(input));
    if (reply.status !== 200) throw new Error(`${operation}: HTTP ${reply.status} ${reply.text}`);
    const answer = read(bodyOf(reply.text)) as Record<string, Answer>;
    return answer[`${operation}Result`]!;
  };
  return Object.assign(call, { raw });
}

export function envelope(body: string, header = ''): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap11Uri}">` +
    `${header && `<s:Header>${header}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`
  );
}

function bodyOf(text: string): XmlElement {
  const body = parseXml(text, defaultLimits).children.find((child) => child.local === 'Body');
  return body!.children[0]!;
}

export function exchange(url: string, body: string, headers: Record<string, string>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
