import type { RaisedAlarm } from '../../alarms/index.js';
import { type Instant, minute } from '../../shared/clock.js';
import type { User } from '../model.js';
import type { Passwords, ThrottleRule, Throttles } from '../ports.js';
import { createFewAtOnce, type Share } from './few-at-once.js';
import { isLiveUser } from './judge-sign-in.js';

export type Candidate = Pick<
  User,
  'id' | 'passwordHash' | 'credentialVersion' | 'mustChangePassword' | 'operatorLevel' | 'holds' | 'terminatedAt'
>;

/**
 * Whether this is the person's password at whoever keeps it for them, a marketplace; undefined = nobody could be asked. Must not
 * throw: an attempt that fails so would not be counted.
 */
export type VerifyElsewhere = (userId: string, password: string) => Promise<boolean | undefined>;

export interface PasswordAttempt {
  /** Whom the typed name means; undefined for nobody. */
  readonly candidate: Candidate | undefined;
  /** The typed name as it compares, with its space ('email:…', 'realm id:login name'): unknown names are throttled alike. */
  readonly accountKey: string;
  /** The address of whoever tries; '' when a marketplace asks on behalf of people it does not tell apart. */
  readonly source: string;
  /** The id of a browser that proved this very name before; absent or '' for any other. */
  readonly knownBrowser?: string;
  readonly password: string;
}

export type PasswordVerdict =
  | {
      readonly outcome: 'accepted';
      readonly userId: string;
      /** Of the password that was right: whoever acts on this verdict later asks whether it is still the person's. */
      readonly credentialVersion: number;
      readonly mustChangePassword: boolean;
      /** Where the password was right, as sessions name it. */
      readonly method: 'password' | 'marketplace_password';
    }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'throttled'; readonly until: Instant };

const window = 15 * minute;
/** NEC 4.7: five failures per person in 15 minutes, then 15 minutes of refusal; never a lock that stays. */
const fewPerPerson: ThrottleRule = { limit: 5, windowMs: window, blockMs: window };
/** For everybody behind one address together. */
const perSource: ThrottleRule = { limit: 30, windowMs: window, blockMs: window };
/** From all addresses together: far above what a person types, below what guessing needs. */
const perPerson: ThrottleRule = { limit: 50, windowMs: window, blockMs: window };
/** Waiting for whoever keeps a person's password: until they answer no failure is counted, and no rule would hold. */
const mostAsking = 5;

/**
 * Checks a password with the same work and the same answer whether or not the person exists, has a password or is stopped.
 * A browser's failures block that address for that name, and a browser the person used before has a count of its own, so that
 * nobody can lock somebody else out from elsewhere. With `verifyElsewhere`, people without a password of the hub's may have one
 * there, operators never; it is asked within the same limits, after the work everybody's attempt costs, and about one person only a
 * few times at once. Throws `busy`.
 */
export function createPasswordAuthentication(ports: {
  passwords: Passwords;
  throttles: Throttles;
  verifyElsewhere?: VerifyElsewhere;
}) {
  const { passwords, throttles } = ports;
  const fewAtOnce = createFewAtOnce();

  function rulesFor(attempt: PasswordAttempt): [string, ThrottleRule, RaisedAlarm][] {
    const { accountKey, source, knownBrowser = '' } = attempt;
    const one = toldOf(attempt, 'sign_in_blocked', fewPerPerson);
    if (knownBrowser !== '') return [[`password/browser/${accountKey}/${knownBrowser}`, fewPerPerson, one]];
    if (source === '') return [[`password/person/${accountKey}`, fewPerPerson, one]];
    return [
      [`password/pair/${accountKey}/${source}`, fewPerPerson, one],
      [`password/source/${source}`, perSource, toldOf(attempt, 'sign_in_source_blocked', perSource)],
      [`password/everywhere/${accountKey}`, perPerson, toldOf(attempt, 'sign_in_person_attacked', perPerson)],
    ];
  }

  /** How this password proves that it is the candidate; undefined = it does not. */
  async function methodOf({ candidate, password, source }: PasswordAttempt) {
    if (await passwords.verify(candidate?.passwordHash ?? null, password)) return 'password';
    if (candidate?.passwordHash !== null || candidate.operatorLevel !== null || !isLiveUser(candidate))
      return undefined;
    const shares: Share[] = [[`person/${candidate.id}`, mostAsking]];
    if (source !== '') shares.push([`source/${source}`, perSource.limit]);
    const right = await fewAtOnce(shares, async () => ports.verifyElsewhere?.(candidate.id, password));
    return right === true ? 'marketplace_password' : undefined;
  }

  return async function authenticatePassword(attempt: PasswordAttempt): Promise<PasswordVerdict> {
    const rules = rulesFor(attempt);
    const blocks = await Promise.all(rules.map(([key]) => throttles.blockedUntil(key)));
    const until = blocks
      .filter((block): block is Instant => block !== null)
      .sort()
      .at(-1);
    if (until !== undefined) return { outcome: 'throttled', until };

    const { candidate } = attempt;
    const method = await methodOf(attempt);
    if (method !== undefined && candidate && isLiveUser(candidate)) {
      await throttles.clear(rules[0]![0]);
      const { id, credentialVersion, mustChangePassword } = candidate;
      return { outcome: 'accepted', userId: id, credentialVersion, mustChangePassword, method };
    }
    for (const [key, rule, told] of rules) await throttles.fail(key, rule, told);
    return { outcome: 'refused' };
  };
}

/**
 * Names nobody has are one alarm per address: what was typed there may be anything, and an attacker would make as many alarms as
 * names. Whether there is such a person changes what it says, not what it costs.
 */
function toldOf(
  { candidate, source }: PasswordAttempt,
  type: 'sign_in_blocked' | 'sign_in_source_blocked' | 'sign_in_person_attacked',
  { limit, windowMs, blockMs }: ThrottleRule,
): RaisedAlarm {
  const minutes = (ms: number): string => `${ms / minute} minutes`;
  const tried = `${limit} wrong passwords in ${minutes(windowMs)}`;
  return {
    type,
    objectId: type === 'sign_in_source_blocked' ? '' : (candidate?.id ?? ''),
    subject: type === 'sign_in_person_attacked' ? '' : source,
    info: `${tried}${source === '' ? '' : `, the last from ${source}`}: refused for ${minutes(blockMs)}`,
    additionalInfo: candidate === undefined ? 'the last name is nobody’s' : '',
  };
}

export type AuthenticatePassword = ReturnType<typeof createPasswordAuthentication>;
