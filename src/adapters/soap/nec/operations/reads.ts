import type { ManagedInstance, ManagedMember, ManagedPlace } from '../../../../core/readers.js';
import { DomainError } from '../../../../core/shared/errors.js';
import type { NecCall, Operation } from '../context.js';
import { realmFields, statusNumber, usageFields, userFields, userStatus } from '../dialect.js';
import { unknownRealm, unknownUser } from '../faults.js';
import { need, type PagingInput, type RealmKey, readPaging, type UsageInput, type UserKey } from '../messages.js';

/** Reads go past units of work and the inbox: straight from the reader, a constant number of statements. */
async function findRealm(call: NecCall, input: RealmKey): Promise<ManagedInstance> {
  return ofCustomer(input, await call.ports.readers.managed.instance(call.channel.id, need('realmId', input.realmId)));
}

async function findLiveRealm(call: NecCall, input: RealmKey): Promise<ManagedInstance> {
  return liveRealm(input, await call.ports.readers.managed.instance(call.channel.id, need('realmId', input.realmId)));
}

function ofCustomer<Realm extends ManagedPlace>({ customerId }: RealmKey, realm: Realm | null): Realm {
  if (!realm || (customerId !== undefined && customerId !== '' && customerId !== realm.tenantExternalId)) {
    throw unknownRealm();
  }
  return realm;
}

function liveRealm<Realm extends ManagedPlace>(input: RealmKey, found: Realm | null): Realm {
  const realm = ofCustomer(input, found);
  if (realm.terminatedAt !== null) throw new DomainError('terminated', { kind: 'instance' });
  return realm;
}

/** The realm is looked at first, so that its refusals come before the user's. */
async function findMember(
  call: NecCall,
  input: UserKey,
): Promise<{ readonly realm: ManagedPlace; readonly member: ManagedMember }> {
  const userId = need('userId', input.userId);
  const found = await call.ports.readers.managed.member(call.channel.id, need('realmId', input.realmId), userId);
  const realm = liveRealm(input, found?.instance ?? null);
  if (!found?.member) throw unknownUser();
  return { realm, member: found.member };
}

export const getRealm: Operation = async (input: RealmKey, call) => ({
  realm: realmFields(call.settings, await findLiveRealm(call, input)),
});

/** The one call that still answers for a deleted realm (spec NEC 4.10.4). */
export const getRealmStatus: Operation = async (input: RealmKey, call) => ({
  status: statusNumber(call.settings, await findRealm(call, input)),
});

export const listRealms: Operation = async (input: PagingInput, call) => {
  const { customerId } = input;
  const { total, nodes } = await call.ports.readers.managed.instances(call.channel.id, {
    ...readPaging(input),
    ...(customerId === undefined || customerId === '' ? {} : { tenantExternalId: need('customerId', customerId) }),
  });
  return { realms: nodes.map((realm) => realmFields(call.settings, realm)), total };
};

export const getUser: Operation = async (input: UserKey, call) => {
  const { realm, member } = await findMember(call, input);
  if (member.terminatedAt !== null) throw new DomainError('terminated', { kind: 'user' });
  return { user: userFields(call.settings, realm, member) };
};

/** A deleted user of a live realm answers 0 with status 9, as a deleted realm does. */
export const getUserStatus: Operation = async (input: UserKey, call) => {
  const { realm, member } = await findMember(call, input);
  return userStatus(call.settings, realm, member);
};

export const getUsers: Operation = async (input: PagingInput, call) => {
  const slice = readPaging(input);
  const { managed } = call.ports.readers;
  const realm = liveRealm(input, await managed.place(call.channel.id, need('realmId', input.realmId)));
  const { total, nodes } = await managed.members(call.channel.id, realm.id, slice);
  return { users: nodes.map((member) => userFields(call.settings, realm, member)), total };
};

/** Now, or at an instant of the past; a future one means now. */
export const getLicenceUsage: Operation = async (input: UsageInput, call) => {
  const realm = await findLiveRealm(call, input);
  const now = call.ports.clock.now();
  const at = input.at === undefined || input.at > now ? now : input.at;
  return usageFields(await call.ports.readers.licenseUsage.of(realm.id, at));
};
