import { readFileSync } from 'node:fs';
import { type FieldContract, type ServiceContract, services } from '../../../src/adapters/soap/prm/contract.js';

type Bean = Readonly<Record<string, unknown>>;
type Typed = Pick<FieldContract, 'type' | 'array'>;

const { enums }: { enums: Readonly<Record<string, readonly string[]>> } = JSON.parse(
  readFileSync(new URL('../../../wsdl/prm/contract.json', import.meta.url), 'utf8'),
);

export const serviceOf = (name: string): ServiceContract => services.find((service) => service.name === name)!;
export const uriOf = (service: string): string => `urn:prm:4.0:${service}`;

/** Beyond what a double holds. */
const long = 9_007_199_254_740_993n;
const instant = '2026-11-21T08:00:00.123Z';

/** A value of a type with everything in it, under our names. `name` shows in its texts. */
export function sampleOf(service: ServiceContract, { type, array }: Typed, name: string): unknown {
  if (array) return [0, 1].map((at) => sampleOf(service, { type, array: false }, `${name}[${at}]`));
  switch (type) {
    case 'xsd:string':
      return `<${name}> & größer`;
    case 'xsd:dateTime':
      return instant;
    case 'xsd:long':
      return long;
    case 'xsd:int':
      return -2_147_483_648;
  }
  const bean = service.beans.get(type.slice('tns1:'.length));
  if (bean === undefined) return enums[type.slice('tns1:'.length)]!.at(-1);
  return Object.fromEntries(bean.map((field) => [field.name, sampleOf(service, field, `${name}.${field.name}`)]));
}

export function sampleInput(service: ServiceContract, operation: string): Bean {
  const { inputs } = service.operations.get(operation)!;
  return Object.fromEntries(inputs.map((input) => [input.name, sampleOf(service, input, input.name)]));
}

export function sampleOutput(service: ServiceContract, operation: string): unknown {
  const { returns } = service.operations.get(operation)!;
  return returns === null ? undefined : sampleOf(service, returns, `${operation}Return`);
}

/** As toolkits show a message: the service's names, a list inside a bean as `{ item: […] }`, every value a text. */
export function asShown(service: ServiceContract, { type, array }: Typed, value: unknown, inside = false): unknown {
  if (value === undefined) return null;
  if (array) {
    const list = (value as unknown[]).map((item) => asShown(service, { type, array: false }, item, inside));
    return inside ? { item: list } : list;
  }
  const bean = service.beans.get(type.slice('tns1:'.length));
  if (bean === undefined) return String(value);
  return Object.fromEntries(
    bean.map((field) => [
      field.wire[service.name] ?? field.name,
      asShown(service, field, (value as Bean)[field.name], true),
    ]),
  );
}

/** The sample of an input as a toolkit is given it. */
export function shownInput(service: ServiceContract, operation: string): Bean {
  const { inputs } = service.operations.get(operation)!;
  const input = sampleInput(service, operation);
  return Object.fromEntries(inputs.map((field) => [field.name, asShown(service, field, input[field.name])]));
}

export function shownOutput(service: ServiceContract, operation: string): unknown {
  const { returns } = service.operations.get(operation)!;
  return returns === null ? null : asShown(service, returns, sampleOutput(service, operation));
}

/** An input as JSON holds it. */
export function plainInput(input: unknown): unknown {
  return JSON.parse(JSON.stringify(input, (_key, value) => (typeof value === 'bigint' ? String(value) : value)));
}
