import { type FieldContract, type ServiceContract, services } from '../../src/adapters/soap/prm/contract.js';
import { type ServedContracts, serveContracts } from './support/contracts.js';
import { foreignClients, startForeignClient } from './support/foreign-client.js';
import { plainInput, sampleInput, sampleOutput, shownInput } from './support/samples.js';

let served: ServedContracts;
beforeAll(async () => {
  served = await serveContracts();
});
afterAll(() => served.close());

type Typed = Pick<FieldContract, 'type' | 'array'>;

/** As the clients show a value: a bean with its type, a list inside a bean in its array type. */
function decoded(service: ServiceContract, { type, array }: Typed, value: unknown, inside = false): unknown {
  if (array) {
    const list = (value as unknown[]).map((one) => decoded(service, { type, array: false }, one, inside));
    return inside ? { $type: 'ArrayOf_tns1_Property', item: list } : list;
  }
  if (type === 'xsd:dateTime') return new Date(value as string);
  if (typeof value === 'number') return BigInt(value);
  const name = type.slice('tns1:'.length);
  const bean = service.beans.get(name);
  if (bean === undefined) return value;
  const fields = bean.map((field) => [
    field.wire[service.name] ?? field.name,
    decoded(service, field, (value as Record<string, unknown>)[field.name], true),
  ]);
  return { $type: name, ...Object.fromEntries(fields) };
}

describe.each(foreignClients)('%s', (_, command, script) => {
  test.each(['1.1', '1.2'] as const)('every operation with everything in it, SOAP %s', async (version) => {
    const client = startForeignClient(command, script, served.base);
    for (const service of services) {
      for (const { name: operation, returns } of service.operations.values()) {
        served.calls.splice(0);
        const input = shownInput(service, operation);
        const answer = await client.call({ service: service.name, operation, input, as: {}, version });
        expect(served.calls).toEqual([
          { service: service.name, operation, input: plainInput(sampleInput(service, operation)) },
        ]);
        const value = returns === null ? null : decoded(service, returns, sampleOutput(service, operation));
        expect({ operation, ...answer }).toEqual({ operation, value });
      }
    }
    await client.close();
    expect(served.problems).toEqual([]);
  });
});
