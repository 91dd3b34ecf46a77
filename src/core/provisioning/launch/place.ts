import { addMembership, emitMembership, type Membership } from '../../identity/index.js';
import { assignLicense, type License, recordPoolChange, setPoolQuantity } from '../../licensing/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import type { Instance } from '../model.js';
import type { LaunchFacts } from './facts.js';
import { mapRole } from './map-role.js';
import { namesOf } from './person-names.js';
import { renamePerson } from './rename-person.js';
import { seatSold } from './what-is-sold.js';

/** The person's place for the whole tenant. */
export function findPlace(tx: Unit, userId: string, tenantId: string): Promise<Membership | undefined> {
  return tx.memberships.findOne({ userId, tenantId, instanceId: '', liveKey: '0' });
}

export async function findSeats(tx: Unit, userId: string, instanceId: string): Promise<License[]> {
  return tx.licenses.findMany({ userId, instanceId, liveKey: '0' });
}

/** Whether a place says what the marketplace says; one somebody else gave is not the marketplace's to change. */
export function isPlaceCurrent(place: Membership, facts: LaunchFacts): boolean {
  if (place.channelId !== facts.channelId) return true;
  const { givenName, familyName, email } = namesOf(facts);
  return (
    place.roles.join() === mapRole(facts.role) &&
    place.givenName === givenName &&
    place.familyName === familyName &&
    place.email === email
  );
}

/**
 * Gives the person a place in the group, or brings the one they have up to date (spec Maestrano 1.4 linking 2 and 5). The caller has
 * locked the tenant. Unlike elsewhere the last OWNER may become something less: who owns the company is the marketplace's to say.
 */
export async function ensurePlace(tx: Unit, facts: LaunchFacts, userId: string, tenantId: string): Promise<void> {
  const { channelId } = facts;
  const names = namesOf(facts);
  const roles = [mapRole(facts.role)];
  const present = await findPlace(tx, userId, tenantId);
  if (present === undefined) {
    await addMembership(tx, { userId, tenantId, channelId, roles, ...names });
    await renamePerson(tx, userId, { channelId, names });
    return;
  }
  if (isPlaceCurrent(present, facts)) return;
  const before = found('membership', await tx.memberships.lock(present.id));
  const after = await tx.memberships.save(before, { roles, ...names });
  if (after.version === before.version) return;
  await tx.tokenRevocations.revoke({ kind: 'user', id: userId, clientIds: [] });
  emitMembership(tx, 'membership.changed', after);
  await renamePerson(tx, userId, { channelId, names, before });
}

/** Gives the person a seat of the instance; what was bought grows when it is needed. The caller has locked the tenant. */
export async function ensureSeat(tx: Unit, facts: LaunchFacts, userId: string, instance: Instance): Promise<void> {
  if ((await findSeats(tx, userId, instance.id)).length > 0) return;
  const { applicationId, tenantId, id: instanceId } = instance;
  const { id: licenseTypeId } = await seatSold(tx, facts, applicationId);
  const pool = await tx.licensePools.findOne({ tenantId, applicationId, licenseTypeId, instanceId });
  const needed = (pool?.used ?? 0) + 1;
  if ((pool?.quantity ?? 0) < needed) {
    await setPoolQuantity(tx, { tenantId, licenseTypeId, instanceId, channelId: facts.channelId, quantity: needed });
  }
  await assignLicense(tx, { userId, tenantId, licenseTypeId, instanceId });
}

/** What was bought shrinks to what is held, after seats came back. The tenant is locked; pools of an instance draw from no other. */
export async function shrinkPools(tx: Unit, { id: instanceId }: Instance): Promise<void> {
  const seen = await tx.licensePools.findMany({ instanceId });
  for (const pool of await tx.licensePools.lockAll(seen.map(({ id }) => id))) {
    const shrunk = pool.quantity > pool.used ? await tx.licensePools.save(pool, { quantity: pool.used }) : pool;
    if (shrunk.version !== pool.version) await recordPoolChange(tx, shrunk);
  }
}
