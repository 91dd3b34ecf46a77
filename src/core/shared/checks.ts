import { type Actor, operatorLevels, reachOf } from './actor.js';
import { DomainError, invalid, notFound } from './errors.js';
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

/** Levels are those of `operatorLevels`; null is none. Throws `invalid_value`. */
export function checkLevel(field: string, level: number | null): number | null {
  if (level !== null && !(Object.values(operatorLevels) as number[]).includes(level)) {
    throw invalid(field, `must be one of ${Object.values(operatorLevels).join(', ')}`);
  }
  return level;
}

interface Finder<T> {
  find(id: string): Promise<T | undefined>;
}

/** An object named by the caller must be there; '' and null name none. Throws `unknown_reference`. */
export async function checkReference(kind: string, repository: Finder<unknown>, id: string | null): Promise<void> {
  if (id === null || id === '' || (await repository.find(id)) !== undefined) return;
  throw new DomainError('unknown_reference', { kind, key: id });
}

/** Where instances are found by commands of contexts below theirs. */
export interface InstanceLookup {
  readonly instances: Finder<{
    readonly tenantId: string;
    readonly applicationId: string;
    readonly terminatedAt: string | null;
  }>;
}

/**
 * An instance named in a command must be this tenant's own, of this application when one is given, and not deleted; '' names none.
 * Otherwise somebody's seat, role or subscription would count in an instance of another customer. Throws `not_found`, `terminated`.
 */
export async function checkInstanceOf(
  { instances }: InstanceLookup,
  instanceId: string,
  tenantId: string,
  applicationId?: string,
): Promise<void> {
  if (instanceId === '') return;
  const instance = found('instance', await instances.find(instanceId));
  const own = instance.tenantId === tenantId && (applicationId ?? instance.applicationId) === instance.applicationId;
  if (!own) throw notFound('instance');
  checkNotTerminated('instance', instance);
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

/**
 * An object is put under a channel by that channel or by the operator: otherwise somebody could hand it to a marketplace that
 * then may act on it. '' is the hub's own. Throws `forbidden`.
 */
export function checkChannel(actor: Actor, channelId: string): string {
  const own = channelId === '' || channelId === channelOf(actor) || reachOf(actor, 'write').everywhere;
  if (!own) throw new DomainError('forbidden', { right: 'act for another channel' });
  return channelId;
}

/** The channel whose holds an actor speaks for; '' for everybody but service accounts. */
export function channelOf(actor: Actor): string {
  return actor.kind === 'serviceAccount' ? actor.channelId : '';
}
