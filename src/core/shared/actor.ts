import { DomainError } from './errors.js';

/** Operator levels (docs/design.md 4; the numbers are the PRM guides'). */
export const operatorLevels = { NONE: 0, READ_ONLY: 333, READ_WRITE: 666, ADMINISTRATOR: 1000 } as const;
export type OperatorLevelName = keyof typeof operatorLevels;

/** Roles a membership can carry. AGENT is a Kakapo group agent and grants nothing by itself. */
export const roles = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER', 'AGENT'] as const;
export type Role = (typeof roles)[number];

/** What a command needs, as a number comparable with operator levels and scopes. */
export const rights = { read: 333, write: 666, admin: 1000 } as const;
export type Right = keyof typeof rights;

/** A tenant the actor holds roles in; its authority covers the whole subtree below. */
export interface Grant {
  readonly tenantId: string;
  readonly roles: readonly Role[];
}

/**
 * Who asks: the first argument of every command and reader.
 * `ceiling` is the highest right the credential itself carries (OAuth scope: read 333, write 666, admin 1000);
 * the effective right is the minimum of it and the level or role (docs/design.md 10.9).
 */
export type Actor =
  | { readonly kind: 'system'; readonly name: string }
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'operator';
      readonly userId: string;
      readonly name: string;
      readonly level: number;
      readonly ceiling: number;
    }
  | {
      readonly kind: 'user';
      readonly userId: string;
      readonly name: string;
      readonly grants: readonly Grant[];
      readonly ceiling: number;
    }
  | {
      readonly kind: 'client';
      readonly clientId: string;
      readonly level: number | null;
      readonly tenantId: string | null;
      readonly ceiling: number;
    }
  | {
      readonly kind: 'serviceAccount';
      readonly serviceAccountId: string;
      readonly username: string;
      readonly channelId: string;
      /** Set when the account acts as that tenant and what is below it. */
      readonly tenantId: string | null;
      readonly level: number | null;
    };

export type ActorKind = Actor['kind'];

export function systemActor(name: string): Actor {
  return { kind: 'system', name };
}

/** The id written to the journal for this actor. */
export function actorId(actor: Actor): string {
  switch (actor.kind) {
    case 'system':
      return actor.name;
    case 'anonymous':
      return '';
    case 'operator':
    case 'user':
      return actor.userId;
    case 'client':
      return actor.clientId;
    case 'serviceAccount':
      return actor.serviceAccountId;
  }
}

/** A name a person recognizes, for the journal. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'system':
    case 'operator':
    case 'user':
      return actor.name;
    case 'anonymous':
      return 'anonymous';
    case 'client':
      return actor.clientId;
    case 'serviceAccount':
      return actor.username;
  }
}

function rightOfRoles(held: readonly Role[]): number {
  if (held.includes('OWNER') || held.includes('ADMIN')) return rights.admin;
  if (held.includes('VIEWER')) return rights.read;
  return 0;
}

/**
 * Where an actor may use a right: everywhere, in the subtrees of some tenants, on what one channel manages, or nowhere.
 * Readers turn it into SQL, commands check the object they locked against it.
 */
export type Reach =
  | { readonly everywhere: true }
  | {
      readonly everywhere: false;
      /** Roots of the subtrees that may be touched. */
      readonly tenantIds: readonly string[];
      /** Objects managed by this channel (NEC: a connection sees only its own realms). */
      readonly channelId: string | null;
      /** The person themself: own user, memberships, licenses, sessions. Only for reading. */
      readonly selfUserId: string | null;
      /** Tenants the person merely belongs to: the tenant's own row, its instances and applications. Only for reading. */
      readonly memberTenantIds: readonly string[];
    };

const nowhere = { everywhere: false, tenantIds: [], channelId: null, selfUserId: null, memberTenantIds: [] } as const;

export function reachOf(actor: Actor, right: Right): Reach {
  const needed = rights[right];
  switch (actor.kind) {
    case 'system':
      return { everywhere: true };
    case 'anonymous':
      return nowhere;
    case 'operator':
      return Math.min(actor.level, actor.ceiling) >= needed ? { everywhere: true } : nowhere;
    case 'client': {
      if (actor.ceiling < needed) return nowhere;
      if (actor.level !== null) return actor.level >= needed ? { everywhere: true } : nowhere;
      return { ...nowhere, tenantIds: actor.tenantId === null ? [] : [actor.tenantId] };
    }
    case 'user': {
      if (actor.ceiling < needed) return nowhere;
      const tenantIds = actor.grants.filter((g) => rightOfRoles(g.roles) >= needed).map((g) => g.tenantId);
      if (right !== 'read') return { ...nowhere, tenantIds };
      return {
        everywhere: false,
        tenantIds,
        channelId: null,
        selfUserId: actor.userId,
        memberTenantIds: actor.grants.map((g) => g.tenantId),
      };
    }
    case 'serviceAccount': {
      if (actor.level !== null && actor.level < needed) return nowhere;
      if (actor.tenantId !== null) return { ...nowhere, tenantIds: [actor.tenantId] };
      return { ...nowhere, channelId: actor.channelId };
    }
  }
}

/** For callers that ask for a right before they say on what: throws `forbidden` unless the actor has it somewhere. */
export function requireRight(actor: Actor, right: Right): void {
  const reach = reachOf(actor, right);
  const somewhere = reach.everywhere || reach.tenantIds.length > 0 || reach.channelId !== null;
  if (!somewhere) throw new DomainError('forbidden', { right });
}

/** For what only staff may do (catalog of the hub, channels, clients): everywhere or refused with `forbidden`. */
export function requireEverywhere(actor: Actor, right: Right): void {
  if (!reachOf(actor, right).everywhere) throw new DomainError('forbidden', { right });
}
