import {
  type Actor,
  type ActorKind,
  actorId,
  actorName,
  type Grant,
  type Right,
  type Role,
  reachOf,
  rights,
} from '../../../../core/shared/actor.js';

export interface ViewerTenant {
  readonly tenantId: string;
  readonly roles: readonly Role[];
  readonly rights: readonly Right[];
}

export interface Viewer {
  readonly kind: ActorKind;
  readonly id: string;
  readonly name: string;
  /** The person behind the caller; null for machines. */
  readonly userId: string | null;
  readonly rights: readonly Right[];
  readonly tenants: readonly ViewerTenant[];
}

const everyRight = Object.keys(rights) as Right[];

/** What an actor may do, in the words of the rule commands and readers go by. */
export function viewerOf(actor: Actor): Viewer {
  const reaches = everyRight.map((right) => ({ right, reach: reachOf(actor, right) }));
  return {
    kind: actor.kind,
    id: actorId(actor),
    name: actorName(actor),
    userId: actor.kind === 'user' || actor.kind === 'operator' ? actor.userId : null,
    rights: reaches.filter(({ reach }) => reach.everywhere).map(({ right }) => right),
    tenants: grantsOf(actor).map(({ tenantId, roles }) => ({
      tenantId,
      roles,
      rights: reaches
        .filter(({ reach }) => !reach.everywhere && reach.tenantIds.includes(tenantId))
        .map(({ right }) => right),
    })),
  };
}

function grantsOf(actor: Actor): readonly Grant[] {
  if (actor.kind === 'user') return actor.grants;
  if ((actor.kind === 'client' || actor.kind === 'serviceAccount') && actor.tenantId !== null) {
    return [{ tenantId: actor.tenantId, roles: [] }];
  }
  return [];
}
