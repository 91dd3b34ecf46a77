import 'reflect-metadata';
import { type ClassType, Field, ID, InputType, Int } from 'type-graphql';
import { invalid } from '../../../core/shared/errors.js';
import type { Condition } from '../../../core/shared/reading.js';
import { DateTime, Int64, MinorUnits } from '../scalars.js';

/** Ids or texts in one `in` list. */
const inLimit = 200;

@InputType('IdFilter', { description: 'All conditions given must hold.' })
export class IdFilter {
  @Field(() => ID, { nullable: true, description: '`null` finds those without.' })
  eq?: string | null;

  @Field(() => [ID], { nullable: true, description: 'At most 200.' })
  in?: string[];
}

@InputType('TextFilter', { description: 'All conditions given must hold. Comparisons are byte-exact.' })
export class TextFilter {
  @Field(() => String, { nullable: true, description: '`null` finds those without.' })
  eq?: string | null;

  @Field(() => [String], { nullable: true, description: 'At most 200.' })
  in?: string[];

  @Field(() => String, { nullable: true, description: 'The beginning; `%` and `_` are plain characters.' })
  startsWith?: string;
}

@InputType('IntFilter', { description: 'All conditions given must hold.' })
export class IntFilter {
  @Field(() => Int, { nullable: true, description: '`null` finds those without.' })
  eq?: number | null;

  @Field(() => [Int], { nullable: true, description: 'At most 200.' })
  in?: number[];

  @Field(() => Int, { nullable: true, description: 'After, or more than, this.' })
  gt?: number;

  @Field(() => Int, { nullable: true, description: 'This, or after or more than it.' })
  gte?: number;

  @Field(() => Int, { nullable: true, description: 'Before, or less than, this.' })
  lt?: number;

  @Field(() => Int, { nullable: true, description: 'This, or before or less than it.' })
  lte?: number;
}

@InputType('DateTimeFilter', { description: 'All conditions given must hold.' })
export class DateTimeFilter {
  @Field(() => DateTime, { nullable: true, description: '`null` finds those without.' })
  eq?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'After, or more than, this.' })
  gt?: string;

  @Field(() => DateTime, { nullable: true, description: 'This, or after or more than it.' })
  gte?: string;

  @Field(() => DateTime, { nullable: true, description: 'Before, or less than, this.' })
  lt?: string;

  @Field(() => DateTime, { nullable: true, description: 'This, or before or less than it.' })
  lte?: string;
}

@InputType('MinorUnitsFilter', { description: 'All conditions given must hold.' })
export class MinorUnitsFilter {
  @Field(() => MinorUnits, { nullable: true, description: 'Exactly this.' })
  eq?: string;

  @Field(() => MinorUnits, { nullable: true, description: 'After, or more than, this.' })
  gt?: string;

  @Field(() => MinorUnits, { nullable: true, description: 'This, or after or more than it.' })
  gte?: string;

  @Field(() => MinorUnits, { nullable: true, description: 'Before, or less than, this.' })
  lt?: string;

  @Field(() => MinorUnits, { nullable: true, description: 'This, or before or less than it.' })
  lte?: string;
}

@InputType('Int64Filter', { description: 'All conditions given must hold.' })
export class Int64Filter {
  @Field(() => Int64, { nullable: true, description: 'Exactly this.' })
  eq?: string;

  @Field(() => [Int64], { nullable: true, description: 'At most 200.' })
  in?: string[];

  @Field(() => Int64, { nullable: true, description: 'More than this.' })
  gt?: string;

  @Field(() => Int64, { nullable: true, description: 'This or more.' })
  gte?: string;

  @Field(() => Int64, { nullable: true, description: 'Less than this.' })
  lt?: string;

  @Field(() => Int64, { nullable: true, description: 'This or less.' })
  lte?: string;
}

@InputType('BooleanFilter', { description: 'All conditions given must hold.' })
export class BooleanFilter {
  @Field(() => Boolean, { nullable: true, description: 'Exactly this.' })
  eq?: boolean;
}

const enumFilters = new Map<string, ClassType>();

/** `eq` and `in` over an enum registered under `name`. */
export function enumFilterOf(name: string, values: object): ClassType {
  const known = enumFilters.get(name);
  if (known) return known;

  @InputType(`${name}Filter`, { description: 'All conditions given must hold.' })
  class EnumFilter {
    @Field(() => values, { nullable: true, description: 'Exactly this.' })
    eq?: unknown;

    @Field(() => [values], { nullable: true, description: 'One of these; at most 200.' })
    in?: unknown[];
  }

  enumFilters.set(name, EnumFilter);
  return EnumFilter;
}

/** The condition as the readers take it: only what was given; a `null` means something for `eq` alone. */
export function toCondition(field: string, given: object): Condition {
  const condition: Record<string, unknown> = {};
  for (const [operator, value] of Object.entries(given)) {
    if (value === undefined || (value === null && operator !== 'eq')) continue;
    if (operator === 'in' && (value as unknown[]).length > inLimit) {
      throw invalid(`filter.${field}.in`, `must not have more than ${inLimit} values`);
    }
    condition[operator] = value;
  }
  return condition;
}
