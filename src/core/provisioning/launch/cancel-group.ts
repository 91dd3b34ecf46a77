import { endSubscriptions } from '../../billing/index.js';
import type { Membership } from '../../identity/index.js';
import { giveBackLicenses } from '../../licensing/index.js';
import { findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { checkChannel, found } from '../../shared/checks.js';
import { anyOf } from '../../shared/repository.js';
import { requireReach, type Tenant } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { terminateObject } from '../use-cases/change-lifecycle.js';
import { endTenants } from '../use-cases/end-tenants.js';
import { lockTree } from '../use-cases/terminate-tenant-tree.js';
import { deleteVirtualPeople, endPlaces } from './leave.js';
import { shrinkPools } from './place.js';
import { endProfiles, groupProfileKind, launchProfileKind } from './profile-records.js';
import { voidLinks } from './void-links.js';

export interface CanceledGroup {
  /** What ended now; '' when the group is unknown or had ended. */
  readonly instanceId: string;
  readonly tenantId: string;
}

const reason = 'canceled at the marketplace';
const nothing: CanceledGroup = { instanceId: '', tenantId: '' };

/**
 * The business canceled the service (spec Maestrano 1.6): subscription and charges end now, seats go back, the instance ends with
 * everybody's place and sign-in there, and people who were virtual users of the group. The tenant ends too, so that a later launch
 * opens it again, unless it holds something of others: another instance, an application it owns, a tenant below of another channel.
 * Rows stay. An unknown group, and one that was canceled before, is a success in which nothing happens.
 * Errors: forbidden, not_found (what the id names is not the channel's).
 */
export async function cancelGroup(
  tx: Unit,
  input: { readonly channelId: string; readonly groupUid: string },
): Promise<CanceledGroup> {
  const { channelId, groupUid } = input;
  checkChannel(tx.actor, channelId);
  const ref = await findExternalRef(tx, { channelId, kind: 'instance', externalId: groupUid });
  const seen = ref && (await tx.instances.find(ref.targetId));
  if (seen === undefined) return nothing;
  const tree = await lockTree(tx, seen.tenantId);
  const root = tree.find(({ id }) => id === seen.tenantId);
  if (root === undefined) return nothing;
  const instance = found('instance', await tx.instances.lock(seen.id));
  await requireReach(tx, 'write', 'instance', { tenantId: root.id, channelId: instance.channelId });
  const wholeTree = await isAllOfTheirs(tx, tree, instance, channelId);
  if (instance.terminatedAt !== null && !wholeTree) return nothing;

  if (instance.terminatedAt === null) await stopSelling(tx, instance);
  const places = await placesIn(tx, wholeTree ? tree : [root], wholeTree ? undefined : channelId);
  await endPlaces(tx, places, { instanceId: instance.id, reason });
  await voidLinks(tx, instance.id);
  const kind = anyOf([groupProfileKind, launchProfileKind]);
  await endProfiles(tx, await tx.channelRecords.findAll({ parentId: instance.id, channelId, kind, liveKey: '0' }));
  if (wholeTree) await endTenants(tx, tree.toReversed());
  else await terminateObject(tx, { kind: 'instance', id: instance.id });
  const people = [...new Set(places.map(({ userId }) => userId))];
  await deleteVirtualPeople(tx, people, { channelId, groupUid, reason });
  return { instanceId: instance.id, tenantId: wholeTree ? root.id : '' };
}

/** Billing ends before seats go back: a seat that goes with everything else is not settled by itself. */
async function stopSelling(tx: Unit, instance: Instance): Promise<void> {
  const subscriptions = await tx.subscriptions.findAll({ instanceId: instance.id });
  await endSubscriptions(
    tx,
    subscriptions.map(({ id }) => id),
  );
  await giveBackLicenses(tx, await tx.licenses.findAll({ instanceId: instance.id, liveKey: '0' }));
  await shrinkPools(tx, instance);
}

async function isAllOfTheirs(
  tx: Unit,
  tree: readonly Tenant[],
  instance: Instance,
  channelId: string,
): Promise<boolean> {
  if (tree.some((tenant) => tenant.channelId !== channelId)) return false;
  const within = anyOf(tree.map(({ id }) => id));
  const instances = await tx.instances.findAll({ tenantId: within, terminatedAt: null });
  if (instances.some(({ id }) => id !== instance.id)) return false;
  return (await tx.applications.findAll({ ownerTenantId: within, terminatedAt: null })).length === 0;
}

/** Locked and live. `channelId`: only those it gave, of people who hold no other seat there. */
async function placesIn(tx: Unit, tenants: readonly Tenant[], channelId?: string): Promise<Membership[]> {
  const within = anyOf(tenants.map(({ id }) => id));
  const seen = await tx.memberships.findAll({ tenantId: within, liveKey: '0' });
  const locked = (await tx.memberships.lockAll(seen.map(({ id }) => id))).filter((row) => row.terminatedAt === null);
  if (channelId === undefined) return locked;
  const seats = await tx.licenses.findAll({ tenantId: within, liveKey: '0' });
  const seated = new Set(seats.map(({ userId }) => userId));
  return locked.filter((place) => place.channelId === channelId && !seated.has(place.userId));
}
