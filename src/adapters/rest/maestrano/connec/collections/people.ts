import { addUserEmail, changeMembership, createMember, updateUser } from '../../../../../core/identity/index.js';
import { removeMember } from '../../../../../core/provisioning/index.js';
import type { Unit } from '../../../../../core/repositories.js';
import { anyOf } from '../../../../../core/shared/repository.js';
import { checkEmail, emailKey } from '../../../../../core/shared/text.js';
import type { Fields } from '../paths.js';
import { checkedIn, pickPaths, renderPaths, type SharedPath, textIn } from './built-in.js';
import type { SharedCollection } from './collection.js';
import { emailOf, findPerson, fullName, isFromConnec, nameOf, type Person } from './person.js';

/** As many as a person may have. */
const mostEmails = 20;
const paths: readonly SharedPath[] = [['first_name'], ['last_name'], ['email.address']];

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
    const person = await findPerson(tx, place, id);
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
  findOwn: async (tx, place, ownId) => (await findPerson(tx, place, ownId))?.user.id,
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
    const person = await findPerson(tx, place, id);
    if (person === undefined) return;
    await updateName(tx, person, fields);
    await updateEmail(tx, person, fields);
  },
  async merge(tx, place, otherId) {
    const other = await findPerson(tx, place, otherId);
    if (other === undefined || !(await isFromConnec(tx, place, other))) return false;
    await removeMember(tx, { id: other.membership.id });
    return true;
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
