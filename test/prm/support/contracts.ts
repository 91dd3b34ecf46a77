import { defineSoapService, loadWsdl } from '../../../src/adapters/soap/kit/index.js';
import { type OperationContract, type ServiceContract, services } from '../../../src/adapters/soap/prm/contract.js';
import { invalidRequestFault } from '../../../src/adapters/soap/prm/faults.js';
import { spellingOf } from '../../../src/adapters/soap/prm/spelling.js';
import { exchange, listen, type Reply } from '../../soap-kit/support.js';
import { plainInput, sampleOutput } from './samples.js';

export interface Seen {
  readonly service: string;
  readonly operation: string;
  /** With our names, what is nil or missing left out. */
  readonly input: unknown;
}

export interface ServedContracts {
  readonly base: string;
  readonly calls: Seen[];
  readonly problems: unknown[];
  send(path: string, body: string, method?: string, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly lenient?: boolean;
  readonly answer?: (service: ServiceContract, operation: OperationContract) => unknown;
}

/** The nine contracts behind real HTTP, without a hub behind them: every operation answers the sample of what it returns. */
export async function serveContracts({
  namespaces = {},
  lenient = false,
  answer = (service, { name }) => sampleOutput(service, name),
}: ServeOptions = {}): Promise<ServedContracts> {
  const calls: Seen[] = [];
  const problems: unknown[] = [];
  const endpoints = new Map(
    services.map((service) => {
      const handlers = [...service.operations.values()].map((operation) => {
        const handle = async (input: Readonly<Record<string, unknown>>): Promise<unknown> => {
          const read = operation.readInput(input);
          calls.push({ service: service.name, operation: operation.name, input: plainInput(read) });
          return operation.writeOutput(answer(service, operation));
        };
        return [operation.name, handle] as const;
      });
      const soap = defineSoapService<undefined, null>({
        name: service.name,
        wsdl: loadWsdl(`prm/${service.name}.wsdl`),
        dispatch: 'body',
        strict: true,
        operations: Object.fromEntries(handlers),
        authenticate: async () => null,
        invalidRequest: invalidRequestFault,
        clock: { now: () => '2026-11-21T08:00:00.000Z' },
        validateResponses: true,
        report: (problem) => void problems.push(problem),
      });
      return [service.path, soap.endpoint(undefined, spellingOf(service, namespaces, lenient))] as const;
    }),
  );
  let base = '';
  const server = await listen((request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const endpoint = endpoints.get(path);
    if (endpoint === undefined) return void response.writeHead(404).end();
    const info = { requestId: 'req-1', address: '127.0.0.1', secure: true, publicUrl: base, path };
    void endpoint.handle(request, response, info);
  });
  base = `http://127.0.0.1:${server.port}`;
  return {
    base,
    calls,
    problems,
    close: server.close,
    send: (path, body, method = 'POST', headers = { 'content-type': 'text/xml; charset=utf-8' }) =>
      exchange(server.port, body, headers, method, path),
  };
}
