import type { Instant } from '../../../core/shared/clock.js';

/** The two sets of status operations: UpdateUserStatus/UpdateRealmStatus, and DisableUser/EnableUser/DisableRealm/EnableRealm. */
export type Dialect = '4.2' | '4.3';

export interface Seen {
  readonly at: Instant;
  readonly dialect: Dialect;
}

/** The latest disable cycle of one realm (spec NEC 4.5). It opens with the first disable. */
export interface Ledger {
  /** Counts cycles; 0 before the first. */
  readonly cycle: number;
  /** False once found closed; whether an open one has closed in the meantime is judged from the facts (`settle`). */
  readonly open: boolean;
  readonly userDisableSeen: Seen | null;
  readonly realmDisableSeen: Seen | null;
  /** The realm was enabled without a user disable because it had no users. */
  readonly waived: boolean;
}

export const noCycle: Ledger = { cycle: 0, open: false, userDisableSeen: null, realmDisableSeen: null, waived: false };

/** What the model says now. Holds are those of this channel: changes through other protocols are seen in them. */
export interface RealmFacts {
  readonly realmHeld: boolean;
  /** Some live user of the realm is held. */
  readonly anyUserHeld: boolean;
  readonly hasUsers: boolean;
}

export interface UserFacts {
  readonly held: boolean;
  /** The last cycle the user was disabled in; 0 = never. */
  readonly lastCycle: number;
}

export type Target = 'user' | 'realm';

export type Decision =
  | {
      readonly allowed: true;
      readonly ledger: Ledger /** Some disable of the cycle came in the other dialect. */;
      readonly crossed: boolean;
    }
  | { readonly allowed: false /** The request that should have come first. */; readonly missing: Target };

/** A cycle closes when the realm is active and no user disabled in the cycle is still disabled. */
export function settle(ledger: Ledger, facts: RealmFacts): Ledger {
  return ledger.open && !facts.realmHeld && !facts.anyUserHeld ? { ...ledger, open: false } : ledger;
}

export function isComplete(ledger: Ledger): boolean {
  return ledger.userDisableSeen !== null && ledger.realmDisableSeen !== null;
}

/** A disable request was carried out. `facts` are from before it. */
export function afterDisable(before: Ledger, facts: RealmFacts, target: Target, seen: Seen): Ledger {
  const settled = settle(before, facts);
  const ledger = settled.open ? settled : { ...noCycle, cycle: before.cycle + 1, open: true };
  return target === 'user'
    ? { ...ledger, userDisableSeen: ledger.userDisableSeen ?? seen }
    : { ...ledger, realmDisableSeen: ledger.realmDisableSeen ?? seen };
}

/** May the realm be enabled? Row by row what spec NEC 4.5 and 4.10.3 say. */
export function judgeRealmEnable(before: Ledger, facts: RealmFacts, dialect: Dialect, lenient: boolean): Decision {
  const ledger = settle(before, facts);
  const allow = (after: Ledger): Decision => ({ allowed: true, ledger: after, crossed: isCrossed(ledger, dialect) });
  if (!ledger.open) {
    if (isComplete(ledger) || ledger.waived) return allow(ledger); // the retry of an enable that was granted
    return lenient ? allow(ledger) : { allowed: false, missing: 'realm' };
  }
  if (ledger.realmDisableSeen === null) return lenient ? allow(ledger) : { allowed: false, missing: 'realm' };
  if (ledger.userDisableSeen !== null) return allow(ledger);
  return facts.hasUsers ? { allowed: false, missing: 'user' } : allow({ ...ledger, waived: true });
}

/** May the user be enabled? */
export function judgeUserEnable(
  before: Ledger,
  facts: RealmFacts,
  user: UserFacts,
  dialect: Dialect,
  lenient: boolean,
): Decision {
  const ledger = settle(before, facts);
  const allow = (): Decision => ({ allowed: true, ledger, crossed: isCrossed(ledger, dialect) });
  if (isComplete(ledger)) return allow(); // also for users who were never disabled: the order of the enables is free
  if (ledger.open && ledger.realmDisableSeen !== null) return { allowed: false, missing: 'user' };
  // the realm was never disabled in this cycle: an update of one user, or its retry
  if (user.held || user.lastCycle > 0 || lenient) return allow();
  return { allowed: false, missing: 'user' };
}

/** Accepted, but worth a journal entry: a marketplace may be upgraded while instances are disabled. */
function isCrossed(ledger: Ledger, dialect: Dialect): boolean {
  return [ledger.userDisableSeen, ledger.realmDisableSeen].some((seen) => seen !== null && seen.dialect !== dialect);
}
