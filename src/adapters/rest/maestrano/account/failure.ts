/**
 * Why a call to the account API brought nothing (spec Maestrano 1.7).
 *
 * - `refused`: it was heard and said no (`success: false`, 400, 422); nothing was done.
 * - `denied`: our credentials are not taken (401, 403); nothing was done, and it says nothing about what was asked for.
 * - `busy`: asked too often (429); nothing was done.
 * - `unanswered`: no network, too late, 5xx or an answer nobody can read: whether it was done is not known.
 */
export type FailureKind = 'refused' | 'denied' | 'busy' | 'unanswered';

export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What the marketplace or the way to it did, not we: its text is all there is to know. */
export class AccountFailure extends Error {
  readonly kind: FailureKind;
  /** What the answer says about fields; empty when it says nothing. */
  readonly errors: FieldErrors;

  constructor(kind: FailureKind, reason: string, errors: FieldErrors = {}) {
    super(reason);
    this.name = 'AccountFailure';
    this.stack = `${this.name}: ${reason}`;
    this.kind = kind;
    this.errors = errors;
  }
}

export function isFailure(error: unknown, ...kinds: readonly FailureKind[]): error is AccountFailure {
  return error instanceof AccountFailure && (kinds.length === 0 || kinds.includes(error.kind));
}

/** A missing record is no error of HTTP: it comes as a refusal of its id. */
export function isMissing(error: unknown): boolean {
  return isFailure(error, 'refused') && says(error, 'id', /does not exist|not found/i);
}

export function says(failure: AccountFailure, field: string, text: RegExp): boolean {
  return failure.errors[field]?.some((one) => text.test(one)) ?? false;
}

/** `price_cents: must be greater than 0; currency: is unknown`. */
export function textOf(errors: FieldErrors): string {
  return Object.entries(errors)
    .map(([field, texts]) => `${field}: ${texts.join(', ')}`)
    .join('; ');
}
