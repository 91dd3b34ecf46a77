import { isDeepStrictEqual } from 'node:util';
import type { Application, LicenseType, Plan } from '../../../core/catalog/index.js';
import type { Channel } from '../../../core/marketplace/index.js';
import type { Instance } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import { DomainError, isDomainError } from '../../../core/shared/errors.js';
import type { Lifecycle } from '../../../core/shared/lifecycle.js';
import type { Tenant } from '../../../core/tenancy/index.js';
import type { ClientSecrets } from '../ports.js';
import type { NewHashes } from './credentials.js';
import type { SeedDocument, SeedPath } from './document.js';
import { seedError } from './parse.js';
import type { Seed } from './schema.js';
import type { ChannelSettings } from './shape.js';

/**
 * `waiting`: it differs, and stays so until an operator has answered a request about it. `kept`: it differs, because it has been
 * changed since it was what the file says.
 */
export type Outcome = 'created' | 'changed' | 'unchanged' | 'waiting' | 'kept';

/** What became of the objects of one kind. */
export type Tally = { [kind: string]: Record<Outcome, number> };

/** One run of the unit that applies a seed file. Built anew when the unit is retried. */
export interface SeedUnit {
  readonly tx: Unit;
  readonly seed: Seed;
  readonly names: Names;
  readonly newHashes: NewHashes;
  readonly clientSecrets: ClientSecrets;
  readonly channelSettings: ChannelSettings;
  /** What was sold, given back or ended since the file was applied stays: a hub starts again with the file it was first started with. */
  readonly keepsLater: boolean;
  /** Counts what became of an object and moves the progress on. */
  count(kind: string, outcome: Outcome): void;
  /** Runs one item's work; a refusal of the core is told with the item's place in the file. */
  at<T>(path: SeedPath, work: () => Promise<T>): Promise<T>;
  /** The same; with `keepsLater` what is refused because it has ended, or because its seats are taken, is counted as kept. */
  keeping(kind: string, path: SeedPath, work: () => Promise<void>): Promise<void>;
}

/** Objects by their natural names, in the state of this unit. Throws `unknown_reference` for what is not there. */
export interface Names {
  channel(name: string): Promise<Channel>;
  tenant(key: string): Promise<Tenant>;
  application(key: string): Promise<Application>;
  licenseType(application: string, code: string): Promise<LicenseType>;
  plan(application: string, key: string): Promise<Plan>;
  instance(key: string): Promise<Instance>;
}

export function namesIn(tx: Unit): Names {
  const application = (key: string) =>
    known('application', key, tx.applications.findOne({ ownerTenantId: '', key, liveKey: '0' }));
  return {
    channel: (name) => known('channel', name, tx.channels.findOne({ name })),
    tenant: (key) => known('tenant', key, tx.tenants.findOne({ key })),
    application,
    licenseType: async (owner, code) =>
      known('licenseType', code, tx.licenseTypes.findOne({ applicationId: (await application(owner)).id, code })),
    plan: async (owner, key) =>
      known('plan', key, tx.plans.findOne({ applicationId: (await application(owner)).id, key })),
    instance: (key) => known('instance', key, tx.instances.findOne({ key })),
  };
}

async function known<T>(kind: string, key: string, found: Promise<T | undefined>): Promise<T> {
  const object = await found;
  if (object === undefined) throw new DomainError('unknown_reference', { kind, key });
  return object;
}

/** Undefined instead of `unknown_reference`. */
export async function ifKnown<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isDomainError(error, 'unknown_reference')) return undefined;
    throw error;
  }
}

const later = ['terminated', 'pool_exhausted', 'quantity_below_use', 'other_license_held'] as const;

export function createKeeping({
  at,
  count,
  keepsLater,
}: Pick<SeedUnit, 'at' | 'count' | 'keepsLater'>): SeedUnit['keeping'] {
  return (kind, path, work) =>
    at(path, async () => {
      try {
        await work();
      } catch (error) {
        if (!keepsLater || !isDomainError(error, ...later)) throw error;
        count(kind, 'kept');
      }
    });
}

const refusedHint =
  'The file is well-formed; the hub holds something else by now. Change the file, or start without SEED_FILE to keep what the hub has.';

export function createAt(document: SeedDocument): SeedUnit['at'] {
  return async (path, work) => {
    try {
      return await work();
    } catch (error) {
      if (!isDomainError(error) || error.code === 'busy') throw error;
      throw seedError(document.file, [document.problemAt(path, error.message)], refusedHint);
    }
  };
}

/** What an object has that a file cannot change. */
export function fixed(field: string, stored: unknown, wanted: unknown): void {
  if (stored !== wanted)
    throw new DomainError('invalid_value', { field, problem: 'cannot be changed once it is there' });
}

/**
 * Whether an object is left as it is whatever the file says: its data cannot change while an operator has a request about it to
 * answer, and a hub must start meanwhile. Undefined when nothing waits.
 */
export function leftWaiting(present: Lifecycle, wanted: object): 'unchanged' | 'waiting' | undefined {
  if (present.pending !== 'update' && present.pending !== 'delete') return undefined;
  const stored = present as unknown as Readonly<Record<string, unknown>>;
  const fits = Object.entries(wanted).every(([field, value]) => isDeepStrictEqual(stored[field], value));
  return fits ? 'unchanged' : 'waiting';
}

/** Compares the versions before and after an update. */
export function outcomeOf(before: { version: number }, after: { version: number }): Outcome {
  return before.version === after.version ? 'unchanged' : 'changed';
}
