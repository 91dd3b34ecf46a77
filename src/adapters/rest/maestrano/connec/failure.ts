/**
 * Why a call to Connec! brought nothing (spec Maestrano 1.8.1).
 *
 * - `refused`: it was heard and said no (4xx); trying again changes nothing.
 * - `denied`: our credentials are not taken (401, 403).
 * - `missing`: there is no such record (404).
 * - `conflict`: it has the record already (409).
 * - `tooLarge`: the answer is more than we read.
 * - `unanswered`: no network, too late, 429, 5xx or an answer nobody can read: whether it was done is not known.
 */
export type ConnecFailureKind = 'refused' | 'denied' | 'missing' | 'conflict' | 'tooLarge' | 'unanswered';

export class ConnecFailure extends Error {
  readonly kind: ConnecFailureKind;

  constructor(kind: ConnecFailureKind, reason: string) {
    super(reason);
    this.name = 'ConnecFailure';
    this.stack = `${this.name}: ${reason}`;
    this.kind = kind;
  }
}

export function isConnecFailure(error: unknown, ...kinds: readonly ConnecFailureKind[]): error is ConnecFailure {
  return error instanceof ConnecFailure && (kinds.length === 0 || kinds.includes(error.kind));
}

/** What a status means; undefined = done. */
export function failureOf(status: number): ConnecFailureKind | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'missing';
  if (status === 409) return 'conflict';
  if (status >= 500 || status === 408 || status === 425 || status === 429) return 'unanswered';
  return 'refused';
}
