import { ArgsType, type ClassType, Field, InputType, Int, registerEnumType } from 'type-graphql';
import { invalid } from '../../../core/shared/errors.js';
import type { Direction, Filter, PageRequest } from '../../../core/shared/reading.js';
import { defaultFirst, maxFirst } from '../documents/cost.js';
import { Cursor } from '../scalars.js';
import {
  BooleanFilter,
  DateTimeFilter,
  enumFilterOf,
  IdFilter,
  Int64Filter,
  IntFilter,
  MinorUnitsFilter,
  TextFilter,
  toCondition,
} from './filters.js';

export type FilterKind = 'id' | 'text' | 'int' | 'dateTime' | 'minorUnits' | 'int64' | 'boolean' | EnumKind;
export interface EnumKind {
  readonly enum: string;
  readonly values: object;
}

/** What a list may be filtered and ordered by; the names are the reader's fields. */
export interface ListSpec {
  readonly filter: Readonly<Record<string, FilterKind>>;
  readonly orderBy: readonly string[];
}

/** What every list takes; `toPageRequest` makes the readers' words of it. */
export interface ListArgs {
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: object | null;
  readonly orderBy?: { readonly field: string; readonly direction: Direction } | null;
}

const directions = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(directions, { name: 'Direction', description: 'Up or down; what is missing comes last in both.' });

function filterTypeOf(kind: FilterKind): ClassType {
  switch (kind) {
    case 'id':
      return IdFilter;
    case 'text':
      return TextFilter;
    case 'int':
      return IntFilter;
    case 'dateTime':
      return DateTimeFilter;
    case 'int64':
      return Int64Filter;
    case 'minorUnits':
      return MinorUnitsFilter;
    case 'boolean':
      return BooleanFilter;
    default:
      return enumFilterOf(kind.enum, kind.values);
  }
}

const filterInputs = new Map<string, ClassType>();

/** The filter type of a list whose arguments were made, for what is filtered without being a list. */
export function filterInputOf(name: string): ClassType {
  const made = filterInputs.get(name);
  if (!made) throw new Error(`${name} has no filter yet`);
  return made;
}

function filterInput(name: string, spec: ListSpec): ClassType | undefined {
  const fields = Object.entries(spec.filter);
  if (fields.length === 0) return undefined;

  @InputType(`${name}ListFilter`, { description: 'All conditions given must hold.' })
  class ListFilter {}

  for (const [field, kind] of fields) {
    const type = filterTypeOf(kind); // made now: types born while the schema is being built come too late
    Field(() => type, { nullable: true, description: `Rows by their \`${field}\`.` })(ListFilter.prototype, field);
  }
  filterInputs.set(name, ListFilter);
  return ListFilter;
}

function orderInput(name: string, spec: ListSpec): ClassType | undefined {
  if (spec.orderBy.length === 0) return undefined;
  const fields = Object.fromEntries(spec.orderBy.map((field) => [field, field]));
  registerEnumType(fields, { name: `${name}OrderField`, description: 'What the list can be ordered by.' });

  @InputType(`${name}Order`, {
    description: 'How to order; rows that are equal follow in the order they were made in.',
  })
  class Order {
    @Field(() => fields, { description: 'By what.' })
    field!: string;

    @Field(() => directions, { defaultValue: directions.ASC, description: 'Up or down.' })
    direction!: Direction;
  }
  return Order;
}

const known = new Map<string, ClassType<ListArgs>>();

/** The arguments of a list of `name`s, made once: `first`, `after`, `filter` and `orderBy` where the spec has fields for them. */
export function listArgsOf(name: string, spec: ListSpec): ClassType<ListArgs> {
  const made = known.get(name);
  if (made) return made;

  @ArgsType()
  class Args {
    @Field(() => Int, { defaultValue: defaultFirst, description: `Rows in the page: 1 to ${maxFirst}.` })
    first!: number;

    @Field(() => Cursor, { nullable: true, description: 'A cursor of the same list: the page begins behind it.' })
    after?: string | null;
  }

  const filter = filterInput(name, spec);
  if (filter)
    Field(() => filter, { nullable: true, description: 'Which rows; all without it.' })(Args.prototype, 'filter');
  const order = orderInput(name, spec);
  if (order)
    Field(() => order, { nullable: true, description: 'In which order; the oldest first without it.' })(
      Args.prototype,
      'orderBy',
    );
  known.set(name, Args);
  return Args;
}

/** Throws `invalid_value` for a page size out of bounds. */
export function toPageRequest(args: ListArgs): PageRequest {
  if (args.first < 1 || args.first > maxFirst) throw invalid('first', `must be from 1 to ${maxFirst}`);
  const filter = toFilter(args.filter);
  return {
    first: args.first,
    ...(args.after ? { after: args.after } : {}),
    ...(filter ? { filter } : {}),
    ...(args.orderBy ? { orderBy: { field: args.orderBy.field, direction: args.orderBy.direction } } : {}),
  };
}

export function toFilter(given: object | null | undefined): Filter | undefined {
  if (!given) return undefined;
  const filter: Record<string, object> = {};
  for (const [field, conditions] of Object.entries(given)) {
    if (conditions) filter[field] = toCondition(field, conditions);
  }
  return Object.keys(filter).length === 0 ? undefined : filter;
}
