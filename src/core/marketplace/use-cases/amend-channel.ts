import { requireEverywhere } from '../../shared/actor.js';
import { found } from '../../shared/checks.js';
import type { Channel, Protocol } from '../model.js';
import { updateChannel } from './configure-channel.js';

type Settings = Readonly<Record<string, unknown>>;

/** Throws `invalid_value` for settings the protocol does not accept. */
export type CheckChannelSettings = (protocol: Protocol, settings: Settings) => void;

export interface AmendChannelInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  /** Merged into what is there (RFC 7396): a value sets, null clears, what is absent stays, secrets too. */
  readonly settings?: Settings;
  readonly disabled?: boolean;
}

/** Changes single settings of a channel, or switches it off or on. Errors: as `updateChannel`, invalid_value. */
export async function amendChannel(
  tx: Parameters<typeof updateChannel>[0],
  input: AmendChannelInput,
  check: CheckChannelSettings,
): Promise<Channel> {
  requireEverywhere(tx.actor, 'admin');
  if (input.settings === undefined) return updateChannel(tx, input);
  const present = found('channel', await tx.channels.lock(input.id));
  const settings = mergePatch(present.settings, input.settings);
  check(present.protocol, settings);
  return updateChannel(tx, { ...input, settings });
}

/** RFC 7396 over plain JSON; `__proto__` is a name like any other. */
export function mergePatch(target: unknown, patch: Settings): Settings {
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergePatch(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
