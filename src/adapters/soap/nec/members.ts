import {
  addMembership,
  createUser,
  type Membership,
  requestPasswordLink,
  setPassword,
} from '../../../core/identity/index.js';
import { assignLicense } from '../../../core/licensing/index.js';
import { bindExternalRef, findExternalRef } from '../../../core/marketplace/index.js';
import type { Instance } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import type { Role } from '../../../core/shared/actor.js';
import { DomainError, invalid } from '../../../core/shared/errors.js';
import { needLicenseType, typesInOrder } from './catalog.js';
import type { NecCall } from './context.js';
import { roleFrom } from './dialect.js';
import { findUser } from './lookup.js';
import { need, type UserFields } from './messages.js';

export interface NewUser {
  readonly fields: UserFields;
  readonly roles?: readonly Role[];
  /** Without a free seat: refused (default), or a member without one. */
  readonly seatless?: boolean;
  /** Hash of the temporary password given back in the answer. */
  readonly passwordHash?: string;
}

/**
 * A user of a realm: person, membership, seat, and the way to a password (spec NEC 4.4, 4.7). The same data again changes
 * nothing. The realm's customer must be locked. Errors: code 1, 4 (other data), 5 (deleted, the id stays taken), 8 (no seat).
 */
export async function addUser(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  input: NewUser,
): Promise<{ userId: string; created: boolean }> {
  const userId = need('userId', input.fields.userId);
  const profile = profileOf(input.fields, input.roles);
  const known = await findUser(tx, call, instance, userId);
  if (known) {
    if (!known.membership) throw new DomainError('terminated', { kind: 'user' });
    if (await differs(tx, instance, known.membership, profile, input.fields)) {
      throw new DomainError('already_exists', { kind: 'user', key: userId });
    }
    return { userId, created: false };
  }
  const { tenantId, id: instanceId } = instance;
  const { id: channelId } = call.channel;
  await tx.instances.rely(instanceId);
  const person = (await personElsewhere(tx, call, instance, userId)) ?? (await newPerson(tx, profile));
  await bindExternalRef(tx, { channelId, kind: 'user', parentId: instanceId, externalId: userId, targetId: person });
  const membership = await addMembership(tx, { ...profile, userId: person, tenantId, instanceId, channelId });
  await takeSeats(tx, instance, person, input);
  await offerPassword(tx, call, membership, input.passwordHash);
  return { userId, created: true };
}

function profileOf(fields: UserFields, roles?: readonly Role[]) {
  return {
    loginName: fields.loginName || (fields.userId ?? ''),
    email: fields.email ?? '',
    givenName: fields.firstName ?? '',
    familyName: fields.lastName ?? '',
    locale: fields.locale ?? '',
    roles: roles ?? roleFrom(fields.role),
  };
}

async function differs(
  tx: Unit,
  instance: Instance,
  held: Membership,
  wanted: ReturnType<typeof profileOf>,
  fields: UserFields,
): Promise<boolean> {
  const same =
    held.loginName === wanted.loginName &&
    held.email === wanted.email &&
    held.givenName === wanted.givenName &&
    held.familyName === wanted.familyName &&
    held.locale.toLowerCase() === wanted.locale.replaceAll('_', '-').toLowerCase() &&
    held.roles.join() === wanted.roles.join();
  if (!same) return true;
  if (fields.licenceCodes === undefined) return false;
  const codes = await seatCodes(tx, instance, held.userId);
  return codes.join('\n') !== [...new Set(fields.licenceCodes)].sort().join('\n');
}

async function seatCodes(tx: Unit, instance: Instance, userId: string): Promise<readonly string[]> {
  const types = await typesInOrder(tx, instance.applicationId);
  const seats = await tx.licenses.findMany({ userId, instanceId: instance.id, liveKey: '0' });
  return seats.map((seat) => types.find((type) => type.id === seat.licenseTypeId)?.code ?? '').sort();
}

/** The same userId in another realm of the customer is the same person (design 10.2). */
async function personElsewhere(
  tx: Unit,
  call: NecCall,
  { tenantId, id }: Instance,
  externalId: string,
): Promise<string | undefined> {
  const { id: channelId } = call.channel;
  for (const other of await tx.instances.findMany({ tenantId, channelId })) {
    if (other.id === id) continue;
    const ref = await findExternalRef(tx, { channelId, kind: 'user', parentId: other.id, externalId });
    const person = ref && (await tx.users.find(ref.targetId));
    if (person && person.terminatedAt === null) return person.id;
  }
  return undefined;
}

async function newPerson(tx: Unit, profile: ReturnType<typeof profileOf>): Promise<string> {
  const { givenName, familyName, locale, loginName } = profile;
  const displayName = [givenName, familyName].filter(Boolean).join(' ') || loginName;
  return (await createUser(tx, { givenName, familyName, locale, displayName })).id;
}

/** The seats named, or one: of the only type, else of the first type bought that has a free one (design 10.5). */
async function takeSeats(tx: Unit, instance: Instance, userId: string, input: NewUser): Promise<void> {
  const { tenantId, id: instanceId, applicationId } = instance;
  const take = (licenseTypeId: string) => assignLicense(tx, { userId, tenantId, instanceId, licenseTypeId });
  const { licenceCodes } = input.fields;
  if (licenceCodes !== undefined && licenceCodes.length > 0) {
    const types = await Promise.all(licenceCodes.map((code) => needLicenseType(tx, applicationId, code)));
    for (const id of [...new Set(types.map((type) => type.id))].sort()) await takeOr8(take, id);
    return;
  }
  const types = await typesInOrder(tx, applicationId);
  if (types.length === 0) throw new DomainError('no_license_type', { application: applicationId });
  let refusal: DomainError | undefined;
  for (const { id } of types) {
    try {
      await takeOr8(take, id);
      return;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'pool_exhausted') throw error;
      refusal ??= error;
    }
  }
  if (input.seatless !== true && refusal) throw refusal;
}

/** A type nobody bought has no free seat either. */
async function takeOr8(take: (id: string) => Promise<unknown>, id: string): Promise<void> {
  try {
    await take(id);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unknown_reference') {
      throw new DomainError('pool_exhausted', { licenseType: String(error.params.key), used: 0, quantity: 0 });
    }
    throw error;
  }
}

/** Changes the seats held to exactly these types; what is given back is free for what is taken. Errors: code 1, 8. */
export async function setSeats(
  tx: Unit,
  instance: Instance,
  userId: string,
  codes: readonly string[],
  release: (id: string) => Promise<unknown>,
): Promise<void> {
  const wanted = new Set<string>();
  for (const code of codes) wanted.add((await needLicenseType(tx, instance.applicationId, code)).id);
  const held = await tx.licenses.findMany({ userId, instanceId: instance.id, liveKey: '0' });
  for (const seat of held) if (!wanted.has(seat.licenseTypeId)) await release(seat.id);
  const { tenantId, id: instanceId } = instance;
  for (const licenseTypeId of [...wanted].sort()) {
    await takeOr8((id) => assignLicense(tx, { userId, tenantId, instanceId, licenseTypeId: id }), licenseTypeId);
  }
}

/** With delegated authentication we deliver the credentials: a link by e-mail, or the password in the answer. */
async function offerPassword(tx: Unit, call: NecCall, membership: Membership, passwordHash?: string): Promise<void> {
  if (!call.settings.delegatedAuthentication) return;
  const { userId, tenantId, instanceId, email, locale } = membership;
  const { id: channelId } = call.channel;
  if ((await tx.users.find(userId))?.passwordHash) return;
  if (passwordHash !== undefined) {
    await setPassword(tx, { userId, authority: { kind: 'channel', channelId }, passwordHash, mustChange: true });
    return;
  }
  const deliverTo = email === '' ? await administratorsAddress(tx, membership) : '';
  if (email === '' && deliverTo === '') return;
  await requestPasswordLink(tx, { userId, tenantId, instanceId, channelId, locale, deliverTo });
}

/** Of the realm's administrators the first with an address, else the customer's contact. */
async function administratorsAddress(tx: Unit, { instanceId, tenantId }: Membership): Promise<string> {
  const members = await tx.memberships.findMany({ instanceId, liveKey: '0' });
  const administrator = members.find((m) => m.email !== '' && m.roles.includes('ADMIN'));
  return administrator?.email ?? (await tx.tenants.find(tenantId))?.contact.email ?? '';
}

/** The changed fields of a user as the core has them; absent ones stay. */
export function changesOf(fields: UserFields) {
  if (fields.loginName === '') throw invalid('loginName', 'must not be empty');
  return {
    ...(fields.loginName === undefined ? {} : { loginName: fields.loginName }),
    ...(fields.email === undefined ? {} : { email: fields.email }),
    ...(fields.firstName === undefined ? {} : { givenName: fields.firstName }),
    ...(fields.lastName === undefined ? {} : { familyName: fields.lastName }),
    ...(fields.locale === undefined ? {} : { locale: fields.locale }),
    ...(fields.role === undefined || fields.role === '' ? {} : { roles: roleFrom(fields.role) }),
  };
}
