import { registerClient, updateClient } from '../../../core/identity/index.js';
import {
  type Channel,
  configureChannel,
  type Protocol,
  registerServiceAccount,
  type ServiceAccountInput,
  updateChannel,
  updateServiceAccount,
} from '../../../core/marketplace/index.js';
import type { Unit } from '../../../core/repositories.js';
import { systemActor } from '../../../core/shared/actor.js';

export interface Credential {
  readonly name: string;
  readonly secret: string;
}

/** Who makes the sandboxes; nothing of them is anybody else's. */
export const sandboxActor = systemActor('simulate');
export const accountName = 'sandbox';

export interface SandboxChannel {
  readonly name: string;
  readonly protocol: Protocol;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Left out where the account needs something that is made after the channel. */
  readonly account?: SandboxAccount;
}

type SandboxAccount = ServiceAccountInput & { readonly passwordHash: string };

/** A channel and its account, made when they are not there, as they must be in any case. */
export async function ensureChannel(tx: Unit, wanted: SandboxChannel): Promise<Channel> {
  const { name, protocol, settings, account } = wanted;
  const present = await tx.channels.findOne({ name });
  const channel = present ?? (await configureChannel(tx, { name, protocol, settings }));
  if (present !== undefined) await updateChannel(tx, { id: present.id, settings, disabled: false });
  if (account !== undefined) await ensureAccount(tx, channel.id, accountName, account);
  return channel;
}

/** An account of a channel, in the same way, and not locked. */
export async function ensureAccount(
  tx: Unit,
  channelId: string,
  username: string,
  account: SandboxAccount,
): Promise<void> {
  const known = await tx.serviceAccounts.findOne({ channelId, username });
  if (known === undefined) await registerServiceAccount(tx, { ...account, channelId, username });
  else await updateServiceAccount(tx, { ...account, id: known.id, locked: false, disabled: false });
}

type Registration = Omit<Parameters<typeof registerClient>[1], 'clientId' | 'secretHash'>;

/** An OAuth client, in the same way. */
export async function ensureClient(
  tx: Unit,
  clientId: string,
  secretHash: string,
  registration: Registration,
): Promise<void> {
  const present = await tx.clients.findOne({ clientId });
  if (present === undefined) await registerClient(tx, { ...registration, clientId, secretHash });
  else await updateClient(tx, { ...registration, id: present.id, secretHash, disabled: false });
}
