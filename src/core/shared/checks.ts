import type { Actor } from './actor.js';
import { DomainError, notFound } from './errors.js';
import type { Authority, Lifecycle } from './lifecycle.js';
import { stateOf } from './lifecycle.js';

/** What must be there: throws `not_found` otherwise, the same answer as for somebody else's. */
export function found<T>(kind: string, object: T | undefined): T {
  if (object === undefined) throw notFound(kind);
  return object;
}

/** Compares with the version the caller read; absent = the caller does not care. Throws `version_conflict`. */
export function checkVersion(kind: string, object: { version: number }, expected: number | null | undefined): void {
  if (expected !== undefined && expected !== null && expected !== object.version) {
    throw new DomainError('version_conflict', { kind, expected, actual: object.version });
  }
}

/** Throws `terminated` for what was deleted. */
export function checkNotTerminated(kind: string, object: { terminatedAt: string | null }): void {
  if (object.terminatedAt !== null) throw new DomainError('terminated', { kind });
}

export function wrongState(kind: string, object: Lifecycle, command: string): DomainError {
  return new DomainError('wrong_state', { kind, state: stateOf(object), command });
}

/** In whose name an actor puts and removes holds. */
export function authorityOf(actor: Actor): Authority {
  switch (actor.kind) {
    case 'serviceAccount':
      return 'marketplace';
    case 'system':
    case 'operator':
      return 'operator';
    case 'client':
      return actor.level === null ? 'owner' : 'operator';
    default:
      return 'owner';
  }
}

/** The channel whose holds an actor speaks for; '' for everybody but service accounts. */
export function channelOf(actor: Actor): string {
  return actor.kind === 'serviceAccount' ? actor.channelId : '';
}
