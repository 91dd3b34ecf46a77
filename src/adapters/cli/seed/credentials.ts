import type { Unit } from '../../../core/repositories.js';
import { systemActor } from '../../../core/shared/actor.js';
import { DomainError } from '../../../core/shared/errors.js';
import { emailKey } from '../../../core/shared/text.js';
import type { CliHub } from '../ports.js';
import type { Seed } from './schema.js';

/** The hash to store for a password of the file; undefined when what is stored already fits, or the file gives none. */
export type NewHashes = (holder: string) => string | undefined;

export const personHolder = (email: string): string => `person ${emailKey(email)}`;
export const accountHolder = (channel: string, username: string): string => JSON.stringify([channel, username]);

interface Wanted {
  readonly holder: string;
  readonly password: string;
  /** null when nothing is stored. */
  readonly stored: string | null;
}

/**
 * Compares every password of the file with what is stored, before the unit that writes: hashing is slow on purpose, and nothing
 * but database work belongs into a transaction.
 */
export async function newHashes(
  hub: Pick<CliHub, 'uow' | 'passwords'>,
  seed: Seed,
  requestId: string,
  onProgress: (done: number, total: number) => void,
): Promise<NewHashes> {
  const wanted = await hub.uow.run(systemActor('seed'), { name: 'seed.read', requestId }, (tx) =>
    storedHashes(tx, seed),
  );
  const hashes = new Map<string, string>();
  for (const [index, { holder, password, stored }] of wanted.entries()) {
    onProgress(index, wanted.length);
    if (stored !== null && (await patiently(() => hub.passwords.verify(stored, password)))) continue;
    hashes.set(holder, await patiently(() => hub.passwords.hash(password)));
  }
  return (holder) => hashes.get(holder);
}

async function storedHashes(tx: Unit, seed: Seed): Promise<Wanted[]> {
  const people = [...seed.operators, ...seed.tenants.flatMap((tenant) => tenant.users)];
  const wanted = new Map<string, Wanted>();
  for (const { email, password } of people) {
    const holder = personHolder(email);
    if (password === undefined || wanted.has(holder)) continue;
    const address = await tx.userEmails.findOne({ verifiedKey: emailKey(email) });
    const user = address === undefined ? undefined : await tx.users.find(address.userId);
    wanted.set(holder, { holder, password, stored: user?.passwordHash ?? null });
  }
  for (const { channel, username, password } of seed.serviceAccounts) {
    if (password === undefined) continue;
    const holder = accountHolder(channel, username);
    const configured = await tx.channels.findOne({ name: channel });
    const account =
      configured === undefined
        ? undefined
        : await tx.serviceAccounts.findOne({ channelId: configured.id, username, liveKey: '0' });
    wanted.set(holder, { holder, password, stored: account?.passwordHash ?? null });
  }
  return [...wanted.values()];
}

/** Somebody may be signing in at the same time; a seed file waits for its turn. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'busy' || attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
