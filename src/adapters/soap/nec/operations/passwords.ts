import {
  type Candidate,
  checkNewPassword,
  type Membership,
  type PasswordVerdict,
  setPassword,
  whyNotUsable,
} from '../../../../core/identity/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { DomainError, invalid } from '../../../../core/shared/errors.js';
import { hashToken, randomToken } from '../../../../platform/secrets.js';
import { runCommand, runUnkept } from '../command.js';
import type { NecCall, Operation } from '../context.js';
import { externalUserId, findRealm, lockRealm, needUser } from '../lookup.js';
import { type AuthenticateInput, need, type PasswordInput, type UserKey } from '../messages.js';

/** Without delegated authentication this is refused before anything else is looked at (spec NEC 4.10.6). */
function checkDelegated(call: NecCall): void {
  if (!call.settings.delegatedAuthentication) {
    throw new DomainError('feature_off', { feature: 'delegated authentication' });
  }
}

/** A password is taken as it is, outer blanks too. */
function needPassword(field: string, value: string | undefined): string {
  if (value === undefined || value === '') throw invalid(field, 'is required');
  if (value.length > 1_024) throw invalid(field, 'must not be longer than 1,024 characters');
  return value;
}

/**
 * The marketplace collected a person's credentials and asks whether they are right. Wrong, unknown, disabled and throttled are
 * one answer with the same work behind it. Never answered from the inbox.
 */
export const authenticate: Operation = async (input: AuthenticateInput, call) => {
  checkDelegated(call);
  const loginName = need('loginName', input.loginName, 254);
  const password = needPassword('password', input.password);
  const { instanceId, membership, candidate } = await runUnkept(call, input, async (tx) => {
    const instance = await findRealm(tx, call, input);
    const member = await memberByLoginName(tx, instance.id, loginName);
    return { instanceId: instance.id, membership: member, candidate: await candidateOf(tx, member) };
  });
  const verdict = await tryPassword(call, instanceId, loginName, candidate, password);
  if (verdict.outcome !== 'accepted' || !membership) return { authenticated: false };
  const { userId, mustChangePassword } = verdict;
  return runUnkept(call, input, async (tx) => {
    if ((await whyNotUsable(tx, userId, instanceId)) !== undefined) return { authenticated: false };
    return { authenticated: true, userId: await externalUserId(tx, call, membership), mustChangePassword };
  });
};

/** Of two members with the same login name neither is meant. */
async function memberByLoginName(tx: Unit, instanceId: string, loginName: string): Promise<Membership | undefined> {
  const members = await tx.memberships.findMany({ instanceId, loginName, liveKey: '0' }, 2);
  return members.length === 1 ? members[0] : undefined;
}

function candidateOf(tx: Unit, membership: Membership | undefined): Promise<Candidate | undefined> {
  return membership === undefined ? Promise.resolve(undefined) : tx.users.find(membership.userId);
}

/** Five failures per login name of a realm in 15 minutes, counted for names nobody has too. */
function tryPassword(
  call: NecCall,
  instanceId: string,
  loginName: string,
  candidate: Candidate | undefined,
  password: string,
): Promise<PasswordVerdict> {
  const accountKey = hashToken(`${instanceId}/${loginName}`);
  return call.authenticatePassword({ candidate, accountKey, source: '', password });
}

/** The old password is checked before the unit, the answer of a repeated message is the kept one whatever that says. */
export const changeUserPassword: Operation = async (input: PasswordInput, call) => {
  checkDelegated(call);
  const isRight = await oldPasswordIsRight(input, call);
  const passwordHash = await hashOfNew(input, call);
  return runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const { userId } = await needUser(tx, call, instance, input);
    needPassword('oldPassword', input.oldPassword);
    checkNewPassword('newPassword', needPassword('newPassword', input.newPassword));
    if (!isRight || passwordHash === undefined) throw invalid('oldPassword', 'is not right');
    const authority = { kind: 'channel', channelId: call.channel.id } as const;
    await setPassword(tx, { userId, authority, passwordHash, mustChange: false });
    return {};
  });
};

async function oldPasswordIsRight(input: PasswordInput, call: NecCall): Promise<boolean> {
  const { oldPassword } = input;
  if (oldPassword === undefined || oldPassword === '' || oldPassword.length > 1_024) return false;
  const { instanceId, membership, candidate } = await runUnkept(call, input, async (tx) => {
    const instance = await findRealm(tx, call, input);
    const member = await needUser(tx, call, instance, input);
    return { instanceId: instance.id, membership: member, candidate: await candidateOf(tx, member) };
  });
  const verdict = await tryPassword(call, instanceId, membership.loginName, candidate, oldPassword);
  return verdict.outcome === 'accepted';
}

async function hashOfNew({ newPassword }: PasswordInput, call: NecCall): Promise<string | undefined> {
  if (newPassword === undefined || newPassword === '' || newPassword.length > 1_024) return undefined;
  return call.ports.passwords.hash(newPassword);
}

/** A temporary password for the marketplace to hand on; the person has to change it. */
export const resetUserPassword: Operation = async (input: UserKey, call) => {
  checkDelegated(call);
  const temporarySecret = randomToken();
  const passwordHash = await call.ports.passwords.hash(temporarySecret);
  return runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const { userId } = await needUser(tx, call, instance, input);
    const authority = { kind: 'channel', channelId: call.channel.id } as const;
    await setPassword(tx, { userId, authority, passwordHash, mustChange: true });
    return { temporarySecret };
  });
};
