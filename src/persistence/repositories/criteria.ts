import type { AnyOf, Match, MatchAny } from '../../core/shared/repository.js';
import type { ColumnTest } from '../rows/statements.js';
import type { StoredTable } from '../rows/stored-table.js';
import { isAscii } from '../sql/ascii.js';
import { listsOf, padded, paddedLength } from '../sql/in-list.js';
import type { SqlValue } from '../sql/sql.js';

type Field<T> = keyof T & string;

/** Undefined when nothing can match: a text that is not ASCII in a column that is. */
export function criteriaOf<T>({ table, codec }: StoredTable<T>, match: Match<T>) {
  const fields = table.fields.filter((field) => match[field] !== undefined);
  const nulls = fields.map((field) => match[field] === null);
  const params: SqlValue[] = [];
  const texts: Field<T>[] = [];
  for (const field of fields) {
    const value = match[field];
    if (value === null) continue;
    if (typeof value === 'string') {
      if (!canHold(table.columns[field].kind, value)) return undefined;
      texts.push(field);
    }
    params.push(codec.encode(field, value));
  }
  return { fields, nulls, params, texts };
}

export interface Question<T> {
  readonly fields: readonly Field<T>[];
  readonly tests: readonly ColumnTest[];
  readonly params: readonly SqlValue[];
}

/** One question for each block of each list: together they are asked for every row that matches, and for none twice. */
export function questionsOf<T>({ table, codec }: StoredTable<T>, match: MatchAny<T>): Question<T>[] {
  let questions: Question<T>[] = [{ fields: [], tests: [], params: [] }];
  for (const field of table.fields) {
    const wanted = match[field];
    if (wanted === undefined) continue;
    const answers: { test: ColumnTest; params: readonly SqlValue[] }[] = [];
    if (wanted === null) answers.push({ test: 'null', params: [] });
    else {
      const values = (isAnyOf(wanted) ? wanted.anyOf : [wanted]).filter((value) =>
        typeof value === 'string' ? canHold(table.columns[field].kind, value) : true,
      );
      for (const list of listsOf(values.map((value) => codec.encode(field, value)))) {
        if (list.length === 1) answers.push({ test: 'one', params: list });
        else answers.push({ test: paddedLength(list.length), params: padded(list) });
      }
    }
    questions = questions.flatMap(({ fields, tests, params }) =>
      answers.map((answer) => ({
        fields: [...fields, field],
        tests: [...tests, answer.test],
        params: [...params, ...answer.params],
      })),
    );
  }
  return questions;
}

/** MySQL ignores blanks at the end when it compares; keys are byte-exact. */
export function exactly<T>(match: MatchAny<T>): (row: T) => boolean {
  const texts = (Object.keys(match) as Field<T>[]).flatMap((field) => {
    const wanted: unknown = match[field];
    if (typeof wanted === 'string') return [{ field, values: new Set<unknown>([wanted]) }];
    return isAnyOf(wanted) ? [{ field, values: new Set<unknown>(wanted.anyOf) }] : [];
  });
  return (row) => texts.every(({ field, values }) => values.has(row[field]));
}

function isAnyOf(value: unknown): value is AnyOf<unknown> {
  return typeof value === 'object' && value !== null && 'anyOf' in value;
}

function canHold(kind: string, value: string): boolean {
  return kind === 'text' || kind === 'long' || isAscii(value);
}
