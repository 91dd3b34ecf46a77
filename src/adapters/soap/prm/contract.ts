import { z } from 'zod';
import { loadWsdl } from '../kit/index.js';
import type { Input } from './context.js';
import { beanNames, beanOf, type Convert, type NamesOfBeans } from './names.js';

/** wsdl/prm/contract.json as the adapter uses it; the WSDLs are made from the same file. */
const field = z.object({
  name: z.string(),
  type: z.string(),
  array: z.boolean().default(false),
  nillable: z.boolean().default(false),
  /** Its name in the messages of a service, where that differs. */
  wire: z.record(z.string(), z.string()).default({}),
  /** Other names that reading accepts. */
  aliases: z.array(z.string()).default([]),
});
const operation = z.object({
  name: z.string(),
  inputs: z.array(field),
  returns: field.omit({ name: true }).nullable(),
  faults: z.array(z.enum(['ACCESS_DENIED', 'CommonException', 'INVALID_STATE'])),
  anonymous: z.boolean().default(false),
  minUserLevel: z.int().optional(),
});
const contract = z
  .object({
    services: z.record(
      z.string(),
      z.object({ path: z.string(), side: z.enum(['sp', 'op']), operations: z.array(operation) }),
    ),
    types: z.record(z.string(), z.object({ services: z.array(z.string()), fields: z.array(field) })),
  })
  .parse(JSON.parse(loadWsdl('prm/contract.json')));

export type FieldContract = z.infer<typeof field>;

export interface OperationContract extends z.infer<typeof operation> {
  /** Whether its messages carry a password or a ticket. */
  readonly takesSecrets: boolean;
  /** A decoded message with our names for all fields; nil and missing are both undefined. */
  readonly readInput: (input: Input) => Input;
  /** What an operation answered, with the message's names for all fields; undefined is nil. */
  readonly writeOutput: (answer: unknown) => unknown;
}

export interface ServiceContract {
  /** `SpLogin`: part of its path, its WSDL and its namespaces. */
  readonly name: string;
  /** `/prm_sp/services/SpLogin`. */
  readonly path: string;
  readonly side: 'sp' | 'op';
  readonly operations: ReadonlyMap<string, OperationContract>;
  /** The beans of its messages. */
  readonly beans: ReadonlyMap<string, readonly FieldContract[]>;
  readonly names: NamesOfBeans;
}

/** All nine, in the order of the guides. */
export const services: readonly ServiceContract[] = Object.entries(contract.services).map(([name, service]) => {
  const beans = new Map(
    Object.entries(contract.types).flatMap(([type, { services: users, fields }]) =>
      users.includes(name) ? [[type, fields] as const] : [],
    ),
  );
  const names = beanNames(name, beans);
  const operations = new Map(
    service.operations.map((one) => [
      one.name,
      {
        ...one,
        takesSecrets: one.inputs.some(({ name: input }) => /password|ticket/i.test(input)),
        readInput: inputReader(one.inputs, names),
        writeOutput: outputWriter(one.returns, names),
      },
    ]),
  );
  return { name, path: service.path, side: service.side, operations, beans, names };
});

const byName = new Map(services.map((service) => [service.name, service]));

/** A bean (`SpAccount`), or a list of them, with the names a service's messages have. @throws Error for what is not in the contract */
export function toWire(service: string, type: string, value: unknown): unknown {
  return namesOf(service, type).toWire(value);
}

/** The reverse of `toWire`, for decoded messages. @throws Error for what is not in the contract */
export function fromWire(service: string, type: string, decoded: unknown): unknown {
  return namesOf(service, type).fromWire(decoded);
}

function namesOf(service: string, type: string) {
  const found = byName.get(service)?.names.get(type);
  if (found === undefined) throw new Error(`PRM contract: no type ${type} in service ${service}`);
  return found;
}

function inputReader(inputs: readonly FieldContract[], names: NamesOfBeans): (input: Input) => Input {
  const beans = inputs.flatMap(({ name, type }) => {
    const convert = names.get(beanOf(type))?.fromWire;
    return convert === undefined ? [] : [[name, convert] as const];
  });
  if (beans.length === 0) return (input) => input;
  return (input) => {
    const read: Record<string, unknown> = { ...input };
    for (const [name, convert] of beans) read[name] = convert(input[name]);
    return read;
  };
}

function outputWriter(returns: z.infer<typeof operation>['returns'], names: NamesOfBeans): Convert {
  if (returns === null) return () => undefined;
  return names.get(beanOf(returns.type))?.toWire ?? ((answer) => answer);
}
