import { ConnecFailure } from './failure.js';
import { isObject, type JsonObject } from './paths.js';

/** What became of one operation of several. */
export interface ConnecResult {
  readonly status: number;
  /** The record as it is there now; undefined when the answer shows none. */
  readonly entity: JsonObject | undefined;
  /** Why not; ''. */
  readonly reason: string;
}

/** The record of an answer. Throws `ConnecFailure`. */
export function recordIn(answer: JsonObject, collection: string): JsonObject {
  const value = answer[collection];
  if (isObject(value)) return value;
  throw new ConnecFailure('unanswered', `the answer has no ${collection}`);
}

export function resultOf(result: unknown, collection: string): ConnecResult {
  const { status, body } = isObject(result) ? result : {};
  const inner = isObject(body) ? body : {};
  const entity = inner[collection];
  return {
    status: typeof status === 'number' ? status : 500,
    entity: isObject(entity) ? entity : undefined,
    reason: errorsOf(inner),
  };
}

/** Undefined = it is no object. */
export function parseAnswer(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `Resource not found: there is no such person`. */
export function errorsOf(answer: JsonObject | undefined): string {
  const errors = Array.isArray(answer?.errors) ? (answer.errors as unknown[]) : [];
  const texts = errors
    .filter(isObject)
    .map(({ title, detail }) => [title, detail].filter((one) => typeof one === 'string').join(': '));
  return texts.join('; ').slice(0, 300) || 'it gives no reason';
}
