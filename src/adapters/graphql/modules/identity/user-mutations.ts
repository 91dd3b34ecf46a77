import {
  addUserEmail,
  createMember,
  disableUser,
  enableUser,
  sendPasswordLink,
  setOperatorLevel,
  setPasswordOf,
  signOut,
  type User,
  updateUser,
  verifyUserEmail,
} from '../../../../core/identity/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { hashNewPassword } from '../secrets.js';
import {
  AddUserEmailInput,
  CreateUserInput,
  SendPasswordLinkInput,
  SetOperatorLevelInput,
  SetPasswordInput,
  SignOutInput,
  UpdateUserInput,
} from './inputs.js';
import { placeOf } from './member-mutations.js';
import { CreateUserPayload, SignOutPayload, UserEmailPayload, UserPayload } from './payloads.js';

const noNames = { givenName: '', familyName: '', displayName: '', locale: '' };

async function run({ context, change }: Call, work: (tx: Unit) => Promise<User>): Promise<UserPayload> {
  return { user: await shown(context, 'users', await change(work)) };
}

export const UserMutations = mutationsOf('identity', {
  createUser: mutation(
    CreateUserInput,
    CreateUserPayload,
    'Makes a person and gives them their place in a tenant, both or neither.',
    async ({ password, membership, emails, ...input }, call) => {
      const names = given(input, { ...noNames, displayName: undefined });
      const passwordHash = typeof password === 'string' ? await hashNewPassword(call.context, password) : null;
      const addresses = (emails ?? []).map(({ email, verified }) => ({ email, verified: verified ?? false }));
      const place = membership ? placeOf(membership) : null;
      const made = await call.run(async (tx) => {
        const done = await createMember(tx, { ...names, passwordHash, emails: addresses, membership: place });
        return { userId: done.user.id, membershipId: done.membership?.id ?? null };
      });
      return {
        user: await shown(call.context, 'users', made.userId),
        membership: await shown(call.context, 'memberships', made.membershipId),
      };
    },
  ),
  updateUser: mutation(
    UpdateUserInput,
    UserPayload,
    'Changes a person’s own profile: themself, an operator, or whoever administers all their places.',
    (input, call) => run(call, (tx) => updateUser(tx, given(input, noNames))),
  ),
  addUserEmail: mutation(AddUserEmailInput, UserEmailPayload, 'Adds an address to a person.', async (input, call) => {
    const address = given(input, { verified: false, primary: false });
    const id = await call.change((tx) => addUserEmail(tx, address));
    return { userEmail: await shown(call.context, 'userEmails', id) };
  }),
  verifyUserEmail: mutation(
    TargetInput,
    UserEmailPayload,
    'An operator vouches that an address is the person’s own.',
    async (input, call) => {
      const id = await call.change((tx) => verifyUserEmail(tx, input));
      return { userEmail: await shown(call.context, 'userEmails', id) };
    },
  ),
  disableUser: mutation(
    TargetInput,
    UserPayload,
    'Takes a person out of everything, hub-wide; sessions and tokens end.',
    (input, call) => run(call, (tx) => disableUser(tx, input)),
  ),
  enableUser: mutation(
    TargetInput,
    UserPayload,
    'Lifts the holds you may lift; WRONG_STATE when others remain.',
    (input, call) => run(call, (tx) => enableUser(tx, input)),
  ),
  setPassword: mutation(
    SetPasswordInput,
    UserPayload,
    'Sets somebody else’s password, in the right you have over them; their sessions end.',
    async ({ password, ...input }, call) => {
      const { mustChange, ...target } = given(input, { mustChange: true });
      const passwordHash = await hashNewPassword(call.context, password);
      return run(call, (tx) => setPasswordOf(tx, { ...target, passwordHash, mustChange: mustChange ?? true }));
    },
  ),
  sendPasswordLink: mutation(
    SendPasswordLinkInput,
    UserPayload,
    'Has a set-your-password message sent, to oneself or to somebody over whose password one decides.',
    (input, call) => run(call, (tx) => sendPasswordLink(tx, given(input, { locale: '' }))),
  ),
  signOut: mutation(
    SignOutInput,
    SignOutPayload,
    'Signs a person out everywhere, or of one session; every application is told.',
    async (input, call) => {
      const { userId, sessionId } = given(input, { sessionId: undefined });
      const { ended } = await call.run(async (tx) => ({ ended: (await signOut(tx, { userId, sessionId })).ended }));
      return { ended, user: await shown(call.context, 'users', userId) };
    },
  ),
  setOperatorLevel: mutation(
    SetOperatorLevelInput,
    UserPayload,
    'Makes a person an operator, changes their level, or takes it away; their tokens end.',
    (input, call) =>
      run(call, (tx) => setOperatorLevel(tx, { ...given(input, { level: null }), level: input.level ?? null })),
  ),
});
