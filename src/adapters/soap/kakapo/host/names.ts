import type { KakapoSettings } from '../config.js';
import { type OperationContract, operations, parameterAliases } from '../contract/index.js';

const byName: ReadonlyMap<string, OperationContract> = new Map(operations.map((one) => [one.name, one]));
const byLowerName: ReadonlyMap<string, OperationContract> = new Map(
  operations.map((one) => [one.name.toLowerCase(), one]),
);

export const defaultNamespace = 'http://kakaposystems.com';

/** The main namespace of a channel, and the other way to write it: both are read, answers are in the one received. */
export function namespacesOf({ namespace = defaultNamespace }: KakapoSettings): readonly [string, string] {
  return [namespace, namespace.endsWith('/') ? namespace.slice(0, -1) : `${namespace}/`];
}

/** An operation by its name or an alias of the channel, in exactly this case. */
export function findOperation(name: string, { operationAliases }: KakapoSettings): OperationContract | undefined {
  const own = byName.get(name);
  if (own !== undefined) return own;
  return Object.hasOwn(operationAliases, name) ? byName.get(operationAliases[name]!) : undefined;
}

/** The operation somebody meant who took no care of upper and lower case. */
export function findOperationInAnyCase(name: string): OperationContract | undefined {
  return byLowerName.get(name.toLowerCase());
}

/** The names a parameter of an operation may be given: its own first, then aliases that are not parameters of the operation. */
export function namesOfParameter({ parameters }: OperationContract, parameter: string): readonly string[] {
  const aliases = Object.entries(parameterAliases).filter(
    ([alias, name]) => name === parameter && parameters.every((other) => other.name !== alias),
  );
  return [parameter, ...aliases.map(([alias]) => alias)];
}
