import type { FieldContract } from './contract.js';

/** Keeps undefined and null, goes into lists. */
export type Convert = (value: unknown) => unknown;

export interface BeanNames {
  /** From our names to those of the messages. */
  readonly toWire: Convert;
  readonly fromWire: Convert;
}

/** By the name of the bean. */
export type NamesOfBeans = ReadonlyMap<string, BeanNames>;

/** `tns1:Property` names the bean `Property`; other types are no beans. */
export function beanOf(type: string): string {
  return type.replace(/^tns1:/, '');
}

type Bean = Readonly<Record<string, unknown>>;
type Renaming = readonly (readonly [from: string, to: string, inside: Convert | undefined])[];

const same: Convert = (value) => value ?? undefined;

/** How one service spells its beans. Beans it spells as we do are handed through. */
export function beanNames(service: string, beans: ReadonlyMap<string, readonly FieldContract[]>): NamesOfBeans {
  const names = new Map<string, BeanNames>();

  function namesOf(type: string): BeanNames | undefined {
    const known = names.get(type);
    const fields = beans.get(type);
    if (known !== undefined || fields === undefined) return known;
    const inner = fields.map((field) => namesOf(beanOf(field.type)));
    const spelled = fields.map(({ name, wire }) => wire[service] ?? name);
    const differs = fields.some(({ name }, at) => spelled[at] !== name || (inner[at]?.toWire ?? same) !== same);
    const to = fields.map(({ name }, at) => [name, spelled[at]!, inner[at]?.toWire] as const);
    const from = fields.map(({ name }, at) => [spelled[at]!, name, inner[at]?.fromWire] as const);
    const made = differs ? { toWire: renamed(to), fromWire: renamed(from) } : { toWire: same, fromWire: same };
    names.set(type, made);
    return made;
  }

  for (const type of beans.keys()) namesOf(type);
  return names;
}

function renamed(renaming: Renaming): Convert {
  const one = (bean: Bean): Bean => {
    const made: Record<string, unknown> = {};
    for (const [from, to, inside] of renaming) made[to] = inside === undefined ? bean[from] : inside(bean[from]);
    return made;
  };
  return (value) => {
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value.map((item: Bean) => one(item)) : one(value as Bean);
  };
}
