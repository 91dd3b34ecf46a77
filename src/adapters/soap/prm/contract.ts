import { z } from 'zod';
import { loadWsdl, type Spelling } from '../kit/index.js';
import type { Side } from './authenticate.js';
import type { Input } from './context.js';

/** wsdl/prm/contract.json as the adapter uses it; the WSDLs are made from the same file. */
const field = z.object({
  name: z.string(),
  type: z.string(),
  array: z.boolean().optional(),
  wire: z.record(z.string(), z.string()).nullish(),
});
const schema = z.object({
  services: z.record(
    z.string(),
    z.object({
      path: z.string(),
      side: z.enum(['sp', 'op']),
      operations: z.array(
        z.object({
          name: z.string(),
          inputs: z.array(field.extend({ aliases: z.array(z.string()).optional() })),
          returns: z.object({ type: z.string(), array: z.boolean().optional() }).nullable(),
          faults: z.array(z.string()),
          anonymous: z.boolean().default(false),
          minUserLevel: z.int().optional(),
        }),
      ),
    }),
  ),
  types: z.record(z.string(), z.object({ services: z.array(z.string()), fields: z.array(field) })),
});

const contract = schema.parse(JSON.parse(loadWsdl('prm/contract.json')));

export type OperationContract = (typeof contract)['services'][string]['operations'][number];

export interface ServiceContract {
  readonly name: string;
  /** `/prm_sp/services/SpLogin`. */
  readonly path: string;
  readonly side: Side;
  readonly operations: ReadonlyMap<string, OperationContract>;
}

export const services: readonly ServiceContract[] = Object.entries(contract.services).map(([name, service]) => ({
  name,
  path: service.path,
  side: service.side,
  operations: new Map(service.operations.map((operation) => [operation.name, operation])),
}));

type Names = Readonly<Record<string, string>>;

/** Per service and type: the message's name of each field, by ours. */
const wireNames = new Map<string, ReadonlyMap<string, Names>>(
  services.map(({ name: service }) => [
    service,
    new Map(
      Object.entries(contract.types).map(([type, { fields }]) => [
        `tns1:${type}`,
        Object.fromEntries(fields.map(({ name, wire }) => [name, wire?.[service] ?? name])),
      ]),
    ),
  ]),
);

const typesOfFields = new Map(
  Object.entries(contract.types).map(([type, { fields }]) => [
    `tns1:${type}`,
    Object.fromEntries(fields.map(({ name, type: of }) => [name, of])),
  ]),
);

/** A decoded message with our names for all fields. */
export function readInput({ name: service }: ServiceContract, { inputs }: OperationContract, input: object): Input {
  const values = input as Input;
  return Object.fromEntries(inputs.map(({ name, type }) => [name, read(service, type, values[name])]));
}

function read(service: string, type: string, value: unknown): unknown {
  const names = wireNames.get(service)!.get(type);
  if (names === undefined || value === undefined || value === null) return value ?? undefined;
  if (Array.isArray(value)) return value.map((item) => read(service, type, item));
  const types = typesOfFields.get(type)!;
  return Object.fromEntries(
    Object.entries(names).map(([ours, theirs]) => [ours, read(service, types[ours]!, (value as Input)[theirs])]),
  );
}

/** An answer with the message's names for all fields. */
export function writeOutput(
  { name: service }: ServiceContract,
  { returns }: OperationContract,
  answer: unknown,
): unknown {
  return returns === null ? undefined : write(service, returns.type, answer);
}

function write(service: string, type: string, value: unknown): unknown {
  const names = wireNames.get(service)!.get(type);
  if (names === undefined || value === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => write(service, type, item));
  const types = typesOfFields.get(type)!;
  return Object.fromEntries(
    Object.entries(names).map(([ours, theirs]) => [theirs, write(service, types[ours]!, (value as Input)[ours])]),
  );
}

/**
 * How a channel spells a service: `namespaces.<Service>` replaces the namespace of its operations, `namespaces.<Service>:types` that
 * of its types (default: the former with `:types`). Lenient reading takes the other chapters' spelling of a field too.
 */
export function spellingOf({ name, operations }: ServiceContract, namespaces: Names, lenient: boolean): Spelling {
  const own = `urn:prm:4.0:${name}`;
  const namespace = namespaces[name] ?? own;
  const types = namespaces[`${name}:types`] ?? `${namespace}:types`;
  const aliases = [...operations.values()].flatMap(({ inputs }) =>
    inputs.flatMap((input) => (input.aliases ?? []).map((alias) => [alias, input.name] as const)),
  );
  return {
    namespace,
    namespaces: { [`${own}:types`]: types },
    elementAliases: { ...Object.fromEntries(aliases), ...(lenient ? lenientNames(name) : {}) },
  };
}

function lenientNames(service: string): Names {
  const own = wireNames.get(service)!;
  const pairs = [...own].flatMap(([type, names]) =>
    services.flatMap((other) => {
      const theirs = wireNames.get(other.name)!.get(type)!;
      return Object.entries(names).flatMap(([ours, wire]) =>
        theirs[ours] === wire ? [] : [[theirs[ours]!, wire] as const],
      );
    }),
  );
  return Object.fromEntries(pairs);
}
