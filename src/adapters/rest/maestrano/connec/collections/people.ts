import {
  addUserEmail,
  changeMembership,
  createMember,
  type Membership,
  type User,
  updateUser,
} from '../../../../../core/identity/index.js';
import type { Unit } from '../../../../../core/repositories.js';
import { anyOf } from '../../../../../core/shared/repository.js';
import { checkEmail, emailKey } from '../../../../../core/shared/text.js';
import type { Fields } from '../paths.js';
import { checkedIn, pickPaths, renderPaths, type SharedPath, textIn } from './built-in.js';
import type { SharedCollection, SharingPlace } from './collection.js';

/** As many as a person may have. */
const mostEmails = 20;
const paths: readonly SharedPath[] = [['first_name'], ['last_name'], ['email.address']];

interface Person {
  readonly user: User;
  readonly membership: Membership;
  /** All their places are in this tenant: then their own name is what Connec! and we agree on. */
  readonly isOurs: boolean;
}

/**
 * People are members of the group's tenant. Who comes from Connec! is a VIEWER without a seat, with an address nobody has verified,
 * and so cannot sign in. Whoever belongs elsewhere too, or is an operator, keeps their own name and addresses: what Connec! says
 * about them stands in the profile of their membership alone.
 */
export const people: SharedCollection = {
  name: 'people',
  direction: 'both',
  singular: false,
  matchingFields: [['email.address']],
  pick: (entity) => pickPaths(entity, paths),
  render: renderPaths,
  async toConnec(tx, place, id) {
    const person = await find(tx, place, id);
    if (person === undefined) return undefined;
    const { givenName, familyName } = nameOf(person);
    const email = await emailOf(tx, place, person);
    return {
      ownId: id,
      fields: new Map([
        ['first_name', givenName],
        ['last_name', familyName],
        ['email.address', email],
      ]),
    };
  },
  async list(tx, { tenant }) {
    const members = await tx.memberships.findAll({ tenantId: tenant.id, liveKey: '0' });
    return [...new Set(members.map(({ userId }) => userId))].sort();
  },
  findOwn: async (tx, place, ownId) => (await find(tx, place, ownId))?.user.id,
  async match(tx, { tenant }, fields) {
    const email = checkedIn(fields, 'email.address', (value) => checkEmail('email', value));
    if (email === undefined || email === '') return undefined;
    const known = await tx.userEmails.findMany({ emailKey: emailKey(email) });
    if (known.length === 0) return undefined;
    const userId = anyOf(known.map((one) => one.userId));
    const [member] = await tx.memberships.findAll({ tenantId: tenant.id, liveKey: '0', userId });
    return member?.userId;
  },
  async create(tx, { tenant, channel }, fields) {
    const givenName = textIn(fields, 'first_name') ?? '';
    const familyName = textIn(fields, 'last_name') ?? '';
    const email = checkedIn(fields, 'email.address', (value) => checkEmail('email', value)) ?? '';
    const { user } = await createMember(tx, {
      givenName,
      familyName,
      ...(givenName === '' && familyName === '' && { displayName: email }),
      emails: email === '' ? [] : [{ email, verified: false }],
      membership: { tenantId: tenant.id, channelId: channel.id, roles: ['VIEWER'], email },
    });
    return user.id;
  },
  async update(tx, place, id, fields) {
    const person = await find(tx, place, id);
    if (person === undefined) return;
    await updateName(tx, person, fields);
    await updateEmail(tx, person, fields);
  },
};

async function updateName(tx: Unit, { user, membership, isOurs }: Person, fields: Fields): Promise<void> {
  const givenName = textIn(fields, 'first_name');
  const familyName = textIn(fields, 'last_name');
  const name = { ...(givenName !== undefined && { givenName }), ...(familyName !== undefined && { familyName }) };
  if (Object.keys(name).length === 0) return;
  if (!isOurs) {
    await changeMembership(tx, { id: membership.id, ...name });
    return;
  }
  const usual = fullName(user);
  const follows = user.displayName === usual || user.displayName === '';
  await updateUser(tx, { id: user.id, ...name, ...(follows && { displayName: fullName({ ...user, ...name }) }) });
}

async function updateEmail(tx: Unit, { user, membership, isOurs }: Person, fields: Fields): Promise<void> {
  const email = checkedIn(fields, 'email.address', (value) => checkEmail('email', value));
  if (email === undefined) return;
  await changeMembership(tx, { id: membership.id, email });
  if (!isOurs || email === '') return;
  const present = await tx.userEmails.findMany({ userId: user.id });
  if (present.length >= mostEmails || present.some((one) => one.emailKey === emailKey(email))) return;
  await addUserEmail(tx, { userId: user.id, email });
}

async function find(tx: Unit, { tenant, instance }: SharingPlace, id: string): Promise<Person | undefined> {
  const places = await tx.memberships.findMany({ userId: id, liveKey: '0' });
  const here = places.filter(({ tenantId }) => tenantId === tenant.id);
  const membership =
    here.find(({ instanceId }) => instanceId === '') ??
    here.find(({ instanceId }) => instanceId === instance.id) ??
    here[0];
  const user = membership === undefined ? undefined : await tx.users.find(id);
  if (membership === undefined || user === undefined || user.terminatedAt !== null) return undefined;
  let isOurs = user.operatorLevel === null;
  for (const { tenantId } of places) isOurs &&= await tx.tenantTree.isWithin(tenantId, [tenant.id]);
  return { user, membership, isOurs };
}

function nameOf({ user, membership, isOurs }: Person): { givenName: string; familyName: string } {
  const inProfile = membership.givenName !== '' || membership.familyName !== '';
  return isOurs || !inProfile ? user : membership;
}

/** A verified address is the person's own word; then comes what is known of them in this tenant. */
async function emailOf(tx: Unit, { uid }: SharingPlace, { user, membership }: Person): Promise<string> {
  const emails = await tx.userEmails.findMany({ userId: user.id });
  const verified = emails.find(({ primary, verifiedKey }) => primary && verifiedKey !== null)?.email ?? '';
  const primary = emails.find((one) => one.primary)?.email ?? '';
  const usual = [verified, membership.email, primary].filter((email) => email !== '' && !isVirtual(email, uid));
  return usual[0] ?? '';
}

/** An address the marketplace made up for one person and group (spec Maestrano 1.1): not one to tell as somebody's. */
function isVirtual(email: string, uid: string): boolean {
  return email.slice(0, email.lastIndexOf('@')).endsWith(`.${uid}`);
}

function fullName({ givenName, familyName }: Pick<User, 'givenName' | 'familyName'>): string {
  return [givenName, familyName].filter(Boolean).join(' ');
}
