import { wireInterfaceUsers } from '../../../src/bootstrap/service-accounts.js';
import { tellOfBlocks } from '../../../src/core/identity/index.js';
import {
  type AccountLogin,
  configureChannel,
  type ProvenAccount,
  registerServiceAccount,
  type ServiceAccountInput,
  updateServiceAccount,
} from '../../../src/core/marketplace/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, systemActor } from '../../../src/core/shared/actor.js';
import { isDomainError } from '../../../src/core/shared/errors.js';
import type { Persistence } from '../../../src/persistence/index.js';
import { createCredentialCache } from '../../../src/platform/credential-cache.js';
import { createPasswords, type Passwords } from '../../../src/platform/passwords.js';
import { alarmReporter } from '../../support/alarms.js';
import type { TestDatabase } from '../../support/databases.js';

export const rightPassword = 'correct-horse-1';
/** On the list of the accounts made here. */
export const listed = '192.0.2.7';
export const stranger = '203.0.113.9';
export const operator: Actor = { kind: 'operator', userId: 'usr_op', name: 'Olga', level: 1_000, ceiling: 1_000 };
export const system = systemActor('test');

const quick = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 }, queue: 2_000 });
export const hashOf = quick.hash;
const passwordHash = await hashOf(rightPassword);

/** What a call came to: the account's name, or the code it was refused with. */
export type Outcome = { readonly proven: string } | { readonly code: string; readonly byThisAttempt?: unknown };

/** One process: a cache of its own on the shared database, and a count of what it hashed. */
export interface Desk {
  /** Every password looked at, of nobody's accounts as well. */
  readonly hashed: { readonly hash: string | null; readonly password: string }[];
  login(password: string, from?: { username?: string; address?: string; channelId?: string }): Promise<Outcome>;
}

/** What happens at bad moments. */
export interface Between {
  /** After the account was looked up, before its password is. */
  readonly lookedUp?: () => Promise<unknown>;
  /** Every unit is carried out, taken back, and carried out again, as after a deadlock. */
  readonly everythingTwice?: boolean;
  /** What others keep busy. */
  readonly passwords?: Pick<Passwords, 'verify'>;
}

export interface Scene {
  readonly db: TestDatabase;
  readonly channelId: string;
  readonly accountId: string;
  readonly username: string;
  desk(persistence?: Persistence, between?: Between): Desk;
  run<T>(work: (tx: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  account(): Promise<{ lockedAt: string | null; version: number }>;
  change(input: Omit<Parameters<typeof updateServiceAccount>[1], 'id'>): Promise<unknown>;
  unlock(): Promise<unknown>;
  /** The history, newest first, without ids. */
  history(accountId?: string): Promise<readonly Omit<AccountLogin, 'id' | 'serviceAccountId'>[]>;
}

/** A Kakapo channel with one interface user. */
export async function makeScene(db: TestDatabase, input: ServiceAccountInput = { addresses: ['192.0.2.0/24'] }) {
  const run: Scene['run'] = (work, actor = system) =>
    db.persistence.uow.run(actor, { name: 'test.write', requestId: 'test' }, work);
  const username = 'api@op.example';
  const { channelId, accountId } = await run(async (tx) => {
    const channel = await configureChannel(tx, { name: 'unity', protocol: 'kakapo', settings: {} });
    const account = await registerServiceAccount(tx, { ...input, channelId: channel.id, username, passwordHash });
    return { channelId: channel.id, accountId: account.id };
  });
  const change: Scene['change'] = (changed) =>
    run((tx) => updateServiceAccount(tx, { id: accountId, ...changed }), operator);
  const scene: Scene = {
    db,
    channelId,
    accountId,
    username,
    run,
    change,
    unlock: () => change({ locked: false }),
    account: async () => (await run((tx) => tx.serviceAccounts.find(accountId)))!,
    async history(id = accountId) {
      const { nodes } = await db.persistence.readers.accountLogins.page(system, {
        first: 200,
        filter: { serviceAccountId: { eq: id } },
        orderBy: { field: 'lastAt', direction: 'DESC' },
      });
      return nodes.map(({ id: _, serviceAccountId: __, ...line }) => line);
    },
    desk: (persistence = db.persistence, between = {}) => openDesk(scene, persistence, between),
  };
  return scene;
}

function openDesk({ db, channelId, username }: Scene, persistence: Persistence, between: Between): Desk {
  const hashed: Desk['hashed'] = [];
  const { serviceAccountLookup: lookup, uow } = persistence;
  const twice: Persistence['uow'] = {
    async run(actor, command, work) {
      const takenBack = uow.run(actor, command, async (tx) => {
        await work(tx);
        throw new Error('taken back');
      });
      await expect(takenBack).rejects.toThrow('taken back');
      return uow.run(actor, command, work);
    },
  };
  const authenticate = wireInterfaceUsers({
    lookup: {
      ...lookup,
      async find(...asked) {
        const found = await lookup.find(...asked);
        await between.lookedUp?.();
        return found;
      },
    },
    credentials: createCredentialCache(),
    throttles: tellOfBlocks(persistence.throttles, alarmReporter(db)),
    units: between.everythingTwice === true ? twice : uow,
    clock: db.clock,
    passwords: {
      hash: quick.hash,
      verify(hash, password, turn) {
        hashed.push({ hash, password });
        return (between.passwords ?? quick).verify(hash, password, turn);
      },
    },
  });
  return {
    hashed,
    async login(password, from = {}) {
      try {
        return provenBy(
          await authenticate({
            channelId,
            username,
            address: listed,
            ...from,
            password,
            command: { name: 'kakapo.login', requestId: 'req-1' },
          }),
        );
      } catch (error) {
        if (!isDomainError(error)) throw error;
        return { code: error.code, ...error.params };
      }
    },
  };
}

const provenBy = ({ username }: ProvenAccount): Outcome => ({ proven: username });

export const accepted: Outcome = { proven: 'api@op.example' };
export const refused: Outcome = { code: 'authentication_failed' };
export const locksNow: Outcome = { code: 'account_locked', byThisAttempt: true };
export const isLocked: Outcome = { code: 'account_locked', byThisAttempt: false };
