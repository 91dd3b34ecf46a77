import { found } from '../shared/checks.js';
import { DomainError } from '../shared/errors.js';
import type { Tx } from '../shared/unit-of-work.js';
import type { ChannelLookup, TenancyRepositories } from '../tenancy/index.js';
import type { LicensePool } from './model.js';
import { poolExhausted } from './pool-exhausted.js';
import type { LicensingRepositories, PoolOnTheWay } from './ports.js';

type Repositories = Tx & TenancyRepositories & LicensingRepositories & ChannelLookup;

/** What kind of seat, and for whom. */
export interface SeatWanted {
  readonly tenantId: string;
  readonly type: { readonly id: string; readonly applicationId: string; readonly code: string };
  readonly instanceId: string;
}

/**
 * Takes one seat and answers the pool it came from: the nearest one with free stock; when no level has any, the nearest one that may
 * give out more than it has. Throws `unknown_reference` (nobody bought any), `pool_exhausted` (of the nearest level).
 */
export async function takeSeat(tx: Repositories, wanted: SeatWanted): Promise<string> {
  const pools = await poolsFor(tx, wanted);
  for (const { id, quantity, used } of pools) {
    if (used < quantity && (await tx.licensePools.takeStock(id, 1))) return id;
  }
  // Before anything is refused or oversold all levels are looked at together: one may have got a seat back behind the first look.
  const locked = await lockWay(tx, pools);
  const chosen = locked.find(({ quantity, used }) => used < quantity) ?? locked.find(({ oversell }) => oversell);
  if (chosen !== undefined && (await tx.licensePools.take(chosen.id, 1))) return chosen.id;
  throw await poolExhausted(tx, wanted.type.code, locked[0]!);
}

/** Locks whatever a seat may come from: for commands that give one back before they take one. */
export async function lockPoolsFor(tx: Repositories, wanted: SeatWanted): Promise<void> {
  await lockWay(tx, await poolsFor(tx, wanted));
}

/** As `lockPools`, whose order they are in already: a pool before the one above it. */
async function lockWay(tx: Repositories, pools: readonly LicensePool[]): Promise<LicensePool[]> {
  const locked: LicensePool[] = [];
  for (const { id } of pools) locked.push(found('licensePool', await tx.licensePools.lock(id)));
  return locked;
}

/**
 * Nearest first: of the tenant and all above it, up to a customer's, which limits whoever is in it and below, and with Kakapo up to
 * the provider's. The pool of an instance stands alone. Throws `unknown_reference` when there is none.
 */
async function poolsFor(tx: Repositories, { tenantId, type, instanceId }: SeatWanted): Promise<readonly LicensePool[]> {
  if (instanceId !== '') {
    const key = { tenantId, applicationId: type.applicationId, licenseTypeId: type.id, instanceId };
    const own = await tx.licensePools.findOne(key);
    if (own !== undefined) return [own];
  }
  const way = await withinProvider(tx, await tx.licensePools.onTheWay(tenantId, type));
  if (way.length === 0) throw new DomainError('unknown_reference', { kind: 'licensePool', key: type.code });
  const limit = way.findIndex(({ tenantKind }) => tenantKind === 'customer');
  return (limit === -1 ? way : way.slice(0, limit + 1)).map(({ pool }) => pool);
}

/** What a Kakapo provider has is not for users of its child providers: they have no stock until they are given some (spec Kakapo 3.6). */
async function withinProvider(tx: ChannelLookup, way: readonly PoolOnTheWay[]): Promise<readonly PoolOnTheWay[]> {
  const own: PoolOnTheWay[] = [];
  for (const step of way) {
    const { providerChannelId } = step;
    if (providerChannelId !== '' && (await tx.channels.find(providerChannelId))?.protocol === 'kakapo') break;
    own.push(step);
  }
  return own;
}
