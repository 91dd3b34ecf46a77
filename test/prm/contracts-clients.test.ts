import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as soap from 'soap';
import { SoapFault } from '../../src/adapters/soap/kit/index.js';
import { services } from '../../src/adapters/soap/prm/contract.js';
import { type ServedContracts, serveContracts } from './support/contracts.js';
import { plainInput, sampleInput, serviceOf, shownInput, shownOutput } from './support/samples.js';

const run = promisify(execFile);
const folder = join(dirname(fileURLToPath(import.meta.url)), 'clients');
const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

let served: ServedContracts;
let urls: readonly string[];
beforeAll(async () => {
  served = await serveContracts();
  urls = services.map(({ path }) => `${served.base}${path}?wsdl`);
});
afterAll(() => served.close());

async function shown(command: string, script: string): Promise<Record<string, Record<string, unknown>>> {
  const { stdout } = await run(command, [join(folder, script), ...urls], { maxBuffer: 10_000_000 });
  return JSON.parse(stdout);
}

test('zeep lists the operations of both ports with the types of their faults', async () => {
  const expected = services.map(({ name, operations }) => {
    const listed = Object.fromEntries(
      [...operations.values()].map((one) => [one.name, Object.fromEntries(one.faults.map((f) => [f, `${f}Type`]))]),
    );
    return [`${name}Service`, { [name]: listed, [`${name}Soap12`]: listed }];
  });
  expect(await shown(python, 'contracts_zeep.py')).toEqual(Object.fromEntries(expected));
});

test('PHP SoapClient lists the operations and knows the types of the faults', async () => {
  const seen = await shown('php', 'contracts.php');
  for (const { name, operations } of services) {
    expect(seen[name]!.operations).toEqual([...operations.keys()]);
    const faults = [...operations.values()].flatMap((operation) => operation.faults.map((fault) => `${fault}Type`));
    expect(seen[name]!.types).toEqual(expect.arrayContaining(faults));
  }
});

describe('npm soap', () => {
  type Method = (input: unknown) => Promise<[Record<string, unknown> | null]>;
  type Declared = { readonly children: readonly { readonly name: string; readonly $name: string }[] };

  test.each(services.map(({ name }) => [name]))('%s: every operation, called with everything in it', async (name) => {
    const service = serviceOf(name);
    const client = await soap.createClientAsync(`${served.base}${service.path}?wsdl`);
    const methods = client.describe()[`${name}Service`]![name]!;
    expect(Object.keys(methods)).toEqual([...service.operations.keys()]);
    const { portTypes } = (
      client as unknown as {
        wsdl: { definitions: { portTypes: Record<string, { methods: Record<string, Declared> }> } };
      }
    ).wsdl.definitions;
    for (const { name: operation, faults, returns } of service.operations.values()) {
      const declared = portTypes[name]!.methods[operation]!.children;
      expect(declared.filter((child) => child.name === 'fault').map((child) => child.$name)).toEqual(faults);
      served.calls.splice(0);
      const [answer] = await (client[`${operation}Async`] as Method).call(client, shownInput(service, operation));
      expect(served.calls).toEqual([{ service: name, operation, input: plainInput(sampleInput(service, operation)) }]);
      const value = returns === null ? answer : { [`${operation}Return`]: plain(shownOutput(service, operation)) };
      expect(plain(answer)).toEqual(plain(value));
    }
    expect(served.problems).toEqual([]);
  });

  test('decodes the detail of a fault', async () => {
    const failing = await serveContracts({
      answer: () => {
        const detail = { element: 'INVALID_STATE', value: { message: 'not now', currentState: 'DELETE_PENDING' } };
        throw new SoapFault('Server', 'not now', { detail });
      },
    });
    const client = await soap.createClientAsync(`${failing.base}/prm_sp/services/SpService?wsdl`);
    const refusal = await (client.activateSpAccountAsync as Method).call(client, {}).then(
      () => undefined,
      (error: { root: { Envelope: { Body: { Fault: { detail: unknown } } } } }) =>
        error.root.Envelope.Body.Fault.detail,
    );
    expect(refusal).toMatchObject({ INVALID_STATE: { message: 'not now', currentState: 'DELETE_PENDING' } });
    await failing.close();
  });
});

/** npm soap reads a long as a double and an instant as a Date; all else is compared as text. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, one) => {
      if (typeof one === 'number' || typeof one === 'bigint') return String(one);
      return one === '9007199254740993' ? '9007199254740992' : one;
    }),
  );
}
