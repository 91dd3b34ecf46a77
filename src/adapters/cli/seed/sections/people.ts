import {
  addMembership,
  changeMembership,
  createUser,
  setPassword,
  type User,
  updateUser,
} from '../../../../core/identity/index.js';
import { assignLicense } from '../../../../core/licensing/index.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { emailKey } from '../../../../core/shared/text.js';
import { personHolder } from '../credentials.js';
import type { SeedItem, SeedLicense, SeedUser } from '../schema.js';
import type { Outcome, SeedUnit } from '../unit.js';

export async function applyOperators(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.operators.entries()) {
    await unit.at(['operators', index], () => applyOperator(unit, item));
  }
}

async function applyOperator(unit: SeedUnit, item: SeedItem<'operators'>): Promise<void> {
  const profile = {
    ...(item.name === undefined ? {} : { displayName: item.name }),
    operatorLevel: operatorLevels[item.level],
  };
  const { outcome } = await applyPerson(unit, item.email, { displayName: item.email, ...profile }, profile);
  unit.count('operators', outcome);
}

/** People and their places; their seats come once the instances are there. */
export async function applyUsers(unit: SeedUnit): Promise<void> {
  for (const [index, { key, users }] of unit.seed.tenants.entries()) {
    for (const [i, item] of users.entries()) {
      await unit.keeping('users', ['tenants', index, 'users', i], () => applyUser(unit, key, item));
    }
  }
}

async function applyUser(unit: SeedUnit, tenantKey: string, item: SeedUser): Promise<void> {
  const { tx, names, count } = unit;
  const { givenName, familyName, locale } = item;
  const profile = {
    ...(givenName === undefined ? {} : { givenName }),
    ...(familyName === undefined ? {} : { familyName }),
    ...(locale === undefined ? {} : { locale }),
  };
  const { user, outcome } = await applyPerson(unit, item.email, profile, profile);
  const tenant = await names.tenant(tenantKey);
  const place = { userId: user.id, tenantId: tenant.id, instanceId: '' };
  const membership = await tx.memberships.findOne({ ...place, liveKey: '0' });
  if (membership === undefined) {
    await addMembership(tx, { ...place, roles: item.roles });
    return count('users', outcome === 'created' ? 'created' : 'changed');
  }
  if ([...membership.roles].sort().join() === [...item.roles].sort().join()) return count('users', outcome);
  await changeMembership(tx, { id: membership.id, roles: item.roles });
  count('users', 'changed');
}

type Profile = Omit<Parameters<typeof updateUser>[1], 'id' | 'expectedVersion'>;

/** The person with this verified address, made or brought up to date. */
async function applyPerson(
  { tx, newHashes }: SeedUnit,
  email: string,
  fresh: Profile,
  change: Profile,
): Promise<{ user: User; outcome: Outcome }> {
  const passwordHash = newHashes(personHolder(email));
  const address = await tx.userEmails.findOne({ verifiedKey: emailKey(email) });
  const present = address === undefined ? undefined : await tx.users.find(address.userId);
  if (present === undefined) {
    const secret = passwordHash === undefined ? {} : { passwordHash };
    const user = await createUser(tx, { ...fresh, ...secret, emails: [{ email, verified: true }] });
    return { user, outcome: 'created' };
  }
  let user = Object.keys(change).length === 0 ? present : await updateUser(tx, { ...change, id: present.id });
  // Created with this very hash a moment ago, when the file names the person twice.
  if (passwordHash !== undefined && user.passwordHash !== passwordHash) {
    user = await setPassword(tx, { userId: user.id, authority: { kind: 'operator' }, passwordHash, mustChange: false });
  }
  return { user, outcome: user.version === present.version ? 'unchanged' : 'changed' };
}

export async function applyLicenses(unit: SeedUnit): Promise<void> {
  for (const [index, tenant] of unit.seed.tenants.entries()) {
    for (const [i, user] of tenant.users.entries()) {
      for (const [j, seat] of user.licenses.entries()) {
        const path = ['tenants', index, 'users', i, 'licenses', j];
        await unit.keeping('licenses', path, () => applyLicense(unit, tenant.key, user.email, seat));
      }
    }
  }
}

async function applyLicense(unit: SeedUnit, tenantKey: string, email: string, item: SeedLicense): Promise<void> {
  const { tx, names, count } = unit;
  const address = await tx.userEmails.findOne({ verifiedKey: emailKey(email) });
  if (address === undefined) throw new Error('the person was applied before their seats');
  const type = await names.licenseType(item.application, item.licenseType);
  const seat = {
    userId: address.userId,
    tenantId: (await names.tenant(tenantKey)).id,
    licenseTypeId: type.id,
    instanceId: item.instance === undefined ? '' : (await names.instance(item.instance)).id,
  };
  if ((await tx.licenses.count({ ...seat, liveKey: '0' })) > 0) return count('licenses', 'unchanged');
  await assignLicense(tx, seat);
  count('licenses', 'created');
}
