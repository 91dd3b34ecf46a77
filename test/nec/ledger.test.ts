import fc from 'fast-check';
import {
  afterDisable,
  type Decision,
  type Dialect,
  judgeRealmEnable,
  judgeUserEnable,
  type Ledger,
  noCycle,
  settle,
} from '../../src/adapters/soap/nec/ledger.js';

const at = '2026-01-15T09:00:00.000Z';

/** A realm that obeys the ledger, as the adapter makes the real one do. */
class Realm {
  ledger: Ledger = noCycle;
  held = false;
  readonly users = new Map<string, { held: boolean; lastCycle: number }>();

  constructor(
    readonly lenient = false,
    ...users: string[]
  ) {
    for (const user of users) this.users.set(user, { held: false, lastCycle: 0 });
  }

  get facts() {
    const anyUserHeld = [...this.users.values()].some((user) => user.held);
    return { realmHeld: this.held, anyUserHeld, hasUsers: this.users.size > 0 };
  }

  disableRealm(dialect: Dialect = '4.3'): void {
    this.ledger = afterDisable(this.ledger, this.facts, 'realm', { at, dialect });
    this.held = true;
  }

  disableUser(id: string, dialect: Dialect = '4.3'): void {
    this.ledger = afterDisable(this.ledger, this.facts, 'user', { at, dialect });
    this.users.set(id, { held: true, lastCycle: this.ledger.cycle });
  }

  enableRealm(dialect: Dialect = '4.3'): Decision {
    const decision = judgeRealmEnable(this.ledger, this.facts, dialect, this.lenient);
    if (decision.allowed) {
      this.ledger = decision.ledger;
      this.held = false;
    }
    return decision;
  }

  enableUser(id: string, dialect: Dialect = '4.3'): Decision {
    const user = this.users.get(id)!;
    const decision = judgeUserEnable(this.ledger, this.facts, user, dialect, this.lenient);
    if (decision.allowed) {
      this.ledger = decision.ledger;
      this.users.set(id, { ...user, held: false });
    }
    return decision;
  }

  get disabledUsers(): string[] {
    return [...this.users].filter(([, user]) => user.held).map(([id]) => id);
  }
}

const allowed = expect.objectContaining({ allowed: true });
const missing = (target: 'user' | 'realm') => ({ allowed: false, missing: target });

describe('the table of spec NEC 4.5', () => {
  it('enables when both disables were seen, realm first', () => {
    const realm = new Realm(false, 'U1', 'U2');
    realm.disableUser('U1');
    realm.disableUser('U2');
    realm.disableRealm();
    expect(realm.enableRealm()).toEqual(allowed);
    expect(realm.enableUser('U2')).toEqual(allowed);
    expect(realm.enableUser('U1')).toEqual(allowed);
    expect(settle(realm.ledger, realm.facts).open).toBe(false);
  });

  it('enables in the other order, and when the realm was disabled first', () => {
    const realm = new Realm(false, 'U1');
    realm.disableRealm();
    realm.disableUser('U1');
    expect(realm.enableUser('U1')).toEqual(allowed);
    expect(realm.held).toBe(true);
    expect(realm.enableRealm()).toEqual(allowed);
  });

  it('refuses both enables while no user disable was seen, and changes nothing', () => {
    const realm = new Realm(false, 'U1');
    realm.disableRealm();
    const before = realm.ledger;
    expect(realm.enableRealm()).toEqual(missing('user'));
    expect(realm.enableUser('U1')).toEqual(missing('user'));
    expect(realm.ledger).toBe(before);
    expect(realm.held).toBe(true);
  });

  it('refuses to enable the realm while only users were disabled', () => {
    const realm = new Realm(false, 'U1');
    realm.disableUser('U1');
    expect(realm.enableRealm()).toEqual(missing('realm'));
    expect(realm.disabledUsers).toEqual(['U1']);
  });

  it('enables a realm without users on its own disable alone', () => {
    const realm = new Realm();
    realm.disableRealm();
    expect(realm.enableRealm()).toEqual(allowed);
    expect(realm.enableRealm()).toEqual(allowed); // the retry
  });

  it('lets the waiver count only while there are no users', () => {
    const realm = new Realm();
    realm.disableRealm();
    realm.users.set('late', { held: false, lastCycle: 0 });
    expect(realm.enableRealm()).toEqual(missing('user'));
  });

  it('enables a user who was disabled alone', () => {
    const realm = new Realm(false, 'U1', 'U2');
    realm.disableUser('U1');
    expect(realm.enableUser('U1')).toEqual(allowed);
    expect(realm.enableUser('U1')).toEqual(allowed); // the retry
    expect(realm.enableUser('U2')).toEqual(missing('user')); // never disabled
  });

  it('still answers the retry of a lone enable after somebody else was disabled and enabled', () => {
    const realm = new Realm(false, 'U1', 'U2');
    realm.disableUser('U1');
    realm.enableUser('U1');
    realm.disableUser('U2');
    realm.enableUser('U2');
    expect(realm.enableUser('U1')).toEqual(allowed);
  });

  it('answers the retry of a granted enable after the cycle closed', () => {
    const realm = new Realm(false, 'U1');
    realm.disableUser('U1');
    realm.disableRealm();
    realm.enableRealm();
    realm.enableUser('U1');
    expect(realm.enableRealm()).toEqual(allowed);
    expect(realm.enableUser('U1')).toEqual(allowed);
    expect(realm.disabledUsers).toEqual([]);
  });

  it('refuses what no disable is on record for; lenientEnable lets it pass', () => {
    expect(new Realm(false, 'U1').enableRealm()).toEqual(missing('realm'));
    expect(new Realm(false, 'U1').enableUser('U1')).toEqual(missing('user'));
    expect(new Realm(true, 'U1').enableRealm()).toEqual(allowed);
    expect(new Realm(true, 'U1').enableUser('U1')).toEqual(allowed);
  });

  it('does not let lenientEnable skip a missing half of a cycle', () => {
    const realm = new Realm(true, 'U1');
    realm.disableRealm();
    expect(realm.enableRealm()).toEqual(missing('user'));
    expect(realm.enableUser('U1')).toEqual(missing('user'));
  });

  it('accepts the other dialect and says so', () => {
    const realm = new Realm(false, 'U1');
    realm.disableUser('U1', '4.2');
    realm.disableRealm('4.2');
    expect(realm.enableRealm('4.3')).toMatchObject({ allowed: true, crossed: true });
    expect(realm.enableUser('U1', '4.2')).toMatchObject({ allowed: true, crossed: false });
  });
});

describe('the readings of spec NEC 4.10.3', () => {
  it('never counts a user disable of an earlier cycle', () => {
    const realm = new Realm(false, 'U1');
    realm.disableUser('U1');
    realm.disableRealm();
    realm.enableUser('U1');
    realm.enableRealm();
    realm.disableRealm();
    expect(realm.enableRealm()).toEqual(missing('user'));
    expect(realm.enableUser('U1')).toEqual(missing('user'));
    realm.disableUser('U1');
    expect(realm.enableRealm()).toEqual(allowed);
  });

  it('answers 0 for a user who was never disabled while a cycle is complete, and after it', () => {
    const realm = new Realm(false, 'U1', 'U2');
    realm.disableUser('U1');
    realm.disableRealm();
    expect(realm.enableUser('U2')).toEqual(allowed);
    realm.enableRealm();
    realm.enableUser('U1');
    expect(realm.enableUser('U2')).toEqual(allowed);
  });

  it('refuses EnableRealm on an active realm whose last cycle was not complete', () => {
    const realm = new Realm(false, 'U1');
    realm.disableUser('U1');
    realm.enableUser('U1');
    expect(realm.enableRealm()).toEqual(missing('realm'));
  });

  it('sees holds that others removed: the cycle closes without our doing', () => {
    const realm = new Realm(false, 'U1');
    realm.disableUser('U1');
    realm.held = false;
    realm.users.set('U1', { held: false, lastCycle: 1 }); // an operator enabled the user
    realm.disableRealm();
    expect(realm.ledger).toMatchObject({ cycle: 2, userDisableSeen: null });
    expect(realm.enableRealm()).toEqual(missing('user'));
  });

  it('keeps the cycle open while one of its users is disabled although the realm is active again', () => {
    const realm = new Realm(false, 'U1', 'U2');
    realm.disableUser('U1');
    realm.disableRealm();
    realm.enableRealm();
    realm.disableRealm();
    expect(realm.ledger.cycle).toBe(1);
    expect(realm.enableRealm()).toEqual(allowed);
  });
});

type Step =
  | { do: 'disableRealm' | 'enableRealm'; dialect: Dialect }
  | { do: 'disableUser' | 'enableUser'; user: string; dialect: Dialect }
  | { do: 'addUser' | 'deleteUser'; user: string }
  | { do: 'operatorEnables'; what: string };

const dialect = fc.constantFrom<Dialect>('4.2', '4.3');
const user = fc.constantFrom('U1', 'U2', 'U3');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('disableRealm', 'enableRealm'), dialect }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('disableUser', 'enableUser'), user, dialect }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('addUser', 'deleteUser'), user }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('operatorEnables' as const), what: fc.oneof(user, fc.constant('R')) }),
  },
) as fc.Arbitrary<Step>;

/** The spec told as a story: cycles are lists of what happened in them, closed the moment nothing is disabled any more. */
class Story {
  realm = false;
  readonly users = new Map<string, boolean>([
    ['U1', false],
    ['U2', false],
  ]);
  readonly deleted = new Set<string>();
  readonly ever = new Set<string>();
  open: { realm: boolean; users: Set<string> } | null = null;
  last: 'none' | 'complete' | 'waived' | 'incomplete' = 'none';
  private waived = false;

  exists(id: string): boolean {
    return this.users.has(id);
  }

  private cycle() {
    this.open ??= { realm: false, users: new Set() };
    return this.open;
  }

  close(): void {
    if (!this.open || this.realm || [...this.users.values()].includes(true)) return;
    const complete = this.open.realm && this.open.users.size > 0;
    this.last = complete ? 'complete' : this.waived ? 'waived' : 'incomplete';
    this.open = null;
    this.waived = false;
  }

  take(event: Step): boolean | undefined {
    const verdict = this.judge(event);
    this.close();
    return verdict;
  }

  private judge(event: Step): boolean | undefined {
    switch (event.do) {
      case 'disableRealm':
        this.cycle().realm = true;
        this.realm = true;
        return true;
      case 'disableUser':
        if (!this.exists(event.user)) return undefined;
        this.cycle().users.add(event.user);
        this.ever.add(event.user);
        this.users.set(event.user, true);
        return true;
      case 'enableRealm': {
        if (!this.open) return this.last === 'complete' || this.last === 'waived';
        if (!this.open.realm) return false;
        if (this.open.users.size === 0 && this.users.size > 0) return false;
        if (this.open.users.size === 0) this.waived = true;
        this.realm = false;
        return true;
      }
      case 'enableUser': {
        if (!this.exists(event.user)) return undefined;
        const complete = this.open ? this.open.realm && this.open.users.size > 0 : this.last === 'complete';
        const alone = !this.open?.realm && this.ever.has(event.user);
        if (!complete && !alone) return false;
        this.users.set(event.user, false);
        return true;
      }
      case 'addUser':
        if (!this.exists(event.user) && !this.deleted.has(event.user)) this.users.set(event.user, false);
        return undefined;
      case 'deleteUser':
        if (this.users.delete(event.user)) this.deleted.add(event.user);
        return undefined;
      case 'operatorEnables':
        if (event.what === 'R') this.realm = false;
        else if (this.exists(event.what)) this.users.set(event.what, false);
        return undefined;
    }
  }
}

function take(realm: Realm, event: Step): boolean | undefined {
  switch (event.do) {
    case 'disableRealm':
      realm.disableRealm(event.dialect);
      return true;
    case 'enableRealm':
      return realm.enableRealm(event.dialect).allowed;
    case 'disableUser':
      if (!realm.users.has(event.user)) return undefined;
      realm.disableUser(event.user, event.dialect);
      return true;
    case 'enableUser':
      return realm.users.has(event.user) ? realm.enableUser(event.user, event.dialect).allowed : undefined;
    case 'operatorEnables':
      if (event.what === 'R') realm.held = false;
      else if (realm.users.has(event.what)) {
        realm.users.set(event.what, { ...realm.users.get(event.what)!, held: false });
      }
      return undefined;
    default:
      return undefined;
  }
}

describe('any sequence of events', () => {
  it('is judged as the spec tells it, in both dialects, also when operators interfere', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const realm = new Realm(false, 'U1', 'U2');
        const story = new Story();
        for (const event of steps) {
          const expected = story.take(event);
          if (event.do === 'addUser' || event.do === 'deleteUser') {
            for (const id of realm.users.keys()) if (!story.exists(id)) realm.users.delete(id);
            for (const id of story.users.keys()) {
              if (!realm.users.has(id)) realm.users.set(id, { held: false, lastCycle: 0 });
            }
            continue;
          }
          expect({ event, allowed: take(realm, event) }).toEqual({ event, allowed: expected });
          expect(realm.held).toBe(story.realm);
          expect(new Map([...realm.users].map(([id, { held }]) => [id, held]))).toEqual(story.users);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('does not depend on the dialect', () => {
    const other: Record<Dialect, Dialect> = { '4.2': '4.3', '4.3': '4.2' };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [one, two] = [new Realm(false, 'U1', 'U2', 'U3'), new Realm(false, 'U1', 'U2', 'U3')];
        for (const event of steps) {
          const mirrored = 'dialect' in event ? { ...event, dialect: other[event.dialect] } : event;
          expect(take(two, mirrored)).toBe(take(one, event));
        }
      }),
    );
  });

  it('lets a complete cycle be undone in any order', () => {
    const targets = ['R', 'U1', 'U2', 'U3'];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(targets, { minLength: 4 }),
        fc.shuffledSubarray(['U1', 'U2', 'U3'], { minLength: 1 }),
        (order, disabled) => {
          const realm = new Realm(false, 'U1', 'U2', 'U3');
          for (const id of disabled) realm.disableUser(id);
          realm.disableRealm();
          for (const target of order) {
            expect(target === 'R' ? realm.enableRealm() : realm.enableUser(target)).toEqual(allowed);
          }
          expect(realm.held).toBe(false);
          expect(realm.disabledUsers).toEqual([]);
        },
      ),
    );
  });

  it('never changes anything when it refuses', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const realm = new Realm(false, 'U1', 'U2', 'U3');
        for (const event of steps) {
          const before = JSON.stringify([realm.ledger, realm.held, [...realm.users]]);
          if (take(realm, event) === false) {
            expect(JSON.stringify([realm.ledger, realm.held, [...realm.users]])).toBe(before);
          }
        }
      }),
    );
  });
});
