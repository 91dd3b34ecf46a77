import type { ClassType } from 'type-graphql';
import { type ListName, type ReaderField, readerFields } from '../../../core/reader-fields.js';
import { type EnumKind, type FilterKind, type ListArgs, listArgsOf } from './list-args.js';

const kinds = {
  id: 'id',
  text: 'text',
  instant: 'dateTime',
  int: 'int',
  bool: 'boolean',
  money: 'minorUnits',
  long: 'int64',
} as const satisfies Record<Exclude<ReaderField['type'], 'enum'>, FilterKind>;

/**
 * The arguments of a list of `name`s, with exactly the filters and orderings its reader offers. `enums` names the type of each
 * field that takes one of a few words; throws at start when one is missing.
 */
export function readerListArgs(
  name: string,
  list: ListName,
  enums: Readonly<Record<string, EnumKind>> = {},
): ClassType<ListArgs> {
  const fields: readonly ReaderField[] = readerFields[list];
  const filter = fields.filter((field) => field.filterable).map((field) => [field.name, kindOf(list, field, enums)]);
  const orderBy = fields.filter((field) => field.orderable).map((field) => field.name);
  return listArgsOf(name, { filter: Object.fromEntries(filter), orderBy });
}

function kindOf(list: ListName, field: ReaderField, enums: Readonly<Record<string, EnumKind>>): FilterKind {
  if (field.type !== 'enum') return kinds[field.type];
  const kind = enums[field.name];
  if (kind === undefined) throw new Error(`${list}.${field.name} needs an enum type`);
  return kind;
}
