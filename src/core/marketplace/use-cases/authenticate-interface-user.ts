import type { AlarmRepositories } from '../../alarms/index.js';
import type { IdentityRepositories, Passwords, Throttles } from '../../identity/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { Command, UnitOfWork } from '../../shared/unit-of-work.js';
import type { LoginOutcome, ServiceAccount } from '../model.js';
import type { MarketplaceRepositories, ServiceAccountLookup } from '../ports.js';
import { accountThrottleKey, countAccountFailure } from './account-throttle.js';
import {
  type AuthenticateServiceAccountPorts,
  fromListedAddress,
  type ProvenAccount,
  provenAccount,
} from './authenticate-service-account.js';
import { lockAfterFailure } from './lock-after-failure.js';

export interface AuthenticateInterfaceUserPorts
  extends Pick<AuthenticateServiceAccountPorts, 'addressMatches' | 'isLoopback'> {
  readonly lookup: Pick<ServiceAccountLookup, 'find'>;
  readonly throttles: Throttles;
  readonly clock: Clock;
  readonly units: UnitOfWork<MarketplaceRepositories & IdentityRepositories & AlarmRepositories>;
  readonly passwords: Pick<Passwords, 'verify'>;
  /**
   * What `prove` says, or true at once when it said so of the same account, credential version and password within the last
   * minute. Calls at the same time share one `prove`; what it throws is passed on to all of them.
   */
  readonly remembered: (account: ServiceAccount, password: string, prove: () => Promise<boolean>) => Promise<boolean>;
}

export interface InterfaceUserAttempt {
  readonly channelId: string;
  readonly username: string;
  readonly password: string;
  /** Canonical, behind trusted proxies. */
  readonly address: string;
  /** For the journal, when it locks. */
  readonly command: Pick<Command, 'name' | 'requestId'>;
}

type Ports = AuthenticateInterfaceUserPorts;

const nobody: Actor = { kind: 'anonymous' };

/**
 * Who calls, where one wrong password locks the account until somebody unlocks it (spec Kakapo 3.2). In this order:
 * (a) an unknown name, (b) a caller off the account's address list, without a list off this machine: refused before the password
 * is looked at, counted for the source, never locking, and not to be told apart by answer or work; like them whoever is switched
 * off or not admitted; (c) locked; (d) a wrong password locks: of any number of attempts at once, in all processes, one
 * wrong password is looked at. Callers on the list are not throttled: the lock protects, and unlocking works at once.
 * Errors: authentication_failed, account_locked { byThisAttempt }, busy.
 */
export function authenticateInterfaceUser(ports: AuthenticateInterfaceUserPorts) {
  return async (attempt: InterfaceUserAttempt): Promise<ProvenAccount> => {
    const throttleKey = accountThrottleKey(attempt.channelId, attempt.address);
    const { account, admitted, blockedUntil } = await ports.lookup.find(
      attempt.channelId,
      attempt.username,
      throttleKey,
    );
    if (account === undefined || !fromListedAddress(ports, account, attempt.address, { loopbackWithoutList: true })) {
      return refuseStranger(ports, attempt, account, 'addressNotListed', blockedUntil);
    }
    if (account.disabledAt !== null || !admitted) {
      return refuseStranger(ports, attempt, account, 'accountDisabled', blockedUntil);
    }
    if (account.lockedAt !== null) return refuseLocked(ports, attempt, account);
    return prove(ports, attempt, account);
  };
}

export type AuthenticateInterfaceUser = ReturnType<typeof authenticateInterfaceUser>;

/** A name nobody has is written like one that somebody has, and hashed against nothing: both take as long. */
async function refuseStranger(
  { throttles, passwords, clock, units }: Ports,
  { channelId, address, password, command }: InterfaceUserAttempt,
  account: ServiceAccount | undefined,
  outcome: LoginOutcome,
  blockedUntil: string | null,
): Promise<never> {
  if (blockedUntil === null || blockedUntil <= clock.now()) {
    await passwords.verify(null, password);
    await countAccountFailure(throttles, { channelId, address, username: account?.username });
    const login = { serviceAccountId: account?.id ?? '', outcome, address };
    await units.run(nobody, { ...command, channelId, address }, (tx) => tx.accountLogins.add(login));
  }
  throw new DomainError('authentication_failed');
}

async function refuseLocked(
  { units }: Ports,
  { channelId, address, command }: InterfaceUserAttempt,
  { id }: ServiceAccount,
): Promise<never> {
  const login = { serviceAccountId: id, outcome: 'accountLocked', address } as const;
  await units.run(nobody, { ...command, channelId, address }, (tx) => tx.accountLogins.add(login));
  throw new DomainError('account_locked', { byThisAttempt: false });
}

type Verdict = 'right' | 'wrong' | 'locked' | 'gone';

async function prove(ports: Ports, attempt: InterfaceUserAttempt, account: ServiceAccount): Promise<ProvenAccount> {
  let own: Verdict | undefined;
  const right = await ports.remembered(account, attempt.password, async () => {
    own = await verifyLocked(ports, attempt, account.id);
    if (own === 'gone') throw new DomainError('authentication_failed');
    return own === 'right';
  });
  if (right) return provenAccount(account);
  if (own === 'wrong') throw new DomainError('account_locked', { byThisAttempt: true });
  if (own === 'locked') throw new DomainError('account_locked', { byThisAttempt: false });
  return refuseLocked(ports, attempt, account); // the same wrong password came at the same time and was looked at once
}

/**
 * Holds the account's row from the look at its lock to the verdict on the password, so that attempts take turns in all processes.
 * The hash is computed inside: it depends on nothing outside, and a unit that has to run again uses what it was.
 */
function verifyLocked(ports: Ports, attempt: InterfaceUserAttempt, id: string): Promise<Verdict> {
  const { channelId, address, command, password } = attempt;
  const verified = new Map<string, Promise<boolean>>();
  const verify = (hash: string): Promise<boolean> => {
    // Strangers may keep the hashing busy; who comes from a listed address has one attempt, and holds a row meanwhile.
    const known = verified.get(hash) ?? ports.passwords.verify(hash, password, { ahead: true });
    verified.set(hash, known);
    return known;
  };
  const reason = 'a wrong password';
  return ports.units.run(nobody, { ...command, channelId, address, reason }, async (tx) => {
    const account = await tx.serviceAccounts.lock(id);
    if (account === undefined || account.disabledAt !== null) return 'gone'; // one that ended is switched off too
    const note = (outcome: LoginOutcome) => tx.accountLogins.add({ serviceAccountId: id, outcome, address });
    if (account.lockedAt !== null) {
      await note('accountLocked');
      return 'locked';
    }
    if (await verify(account.passwordHash)) {
      await note('succeeded');
      return 'right';
    }
    await lockAfterFailure(tx, account, `a wrong password from ${address}`);
    await note('wrongPassword');
    return 'wrong';
  });
}
