import { systemActor } from '../../../core/shared/actor.js';
import type { CliHub } from '../ports.js';
import { newHashes } from './credentials.js';
import type { SeedProblem } from './document.js';
import { type ParsedSeed, seedError } from './parse.js';
import type { Reference } from './references.js';
import type { Seed } from './schema.js';
import { applyServiceAccounts } from './sections/accounts.js';
import { applyApplications } from './sections/catalog.js';
import { applyChannels } from './sections/channels.js';
import { applyClients, applyIdentityProviders, applyWebhooks } from './sections/connections.js';
import { applyInstances } from './sections/instances.js';
import { applyLicenses, applyOperators, applyUsers } from './sections/people.js';
import { applyPools, applyTenants } from './sections/tenants.js';
import { createAt, createKeeping, ifKnown, type Names, namesIn, type SeedUnit, type Tally } from './unit.js';

/** Whatever is named comes before whoever names it. */
const order: readonly ((unit: SeedUnit) => Promise<void>)[] = [
  applyOperators,
  applyChannels,
  applyApplications,
  applyTenants,
  applyPools,
  applyServiceAccounts,
  applyUsers,
  applyInstances,
  applyLicenses,
  applyClients,
  applyIdentityProviders,
  applyWebhooks,
];

export type SeedProgress = (label: string, done: number, total: number) => void;

/**
 * Brings the hub to what the file says, in one unit of work: all of it or nothing. What is there and fits is left alone, so
 * that a second time changes nothing and leaves no journal entry; what the file does not name is left alone too.
 * With `keepsLater` what has ended since, and pools that had the file's quantity before and have another one now, are left alone.
 * Throws a CliError with every problem and its line.
 */
export async function applySeed(
  hub: Pick<CliHub, 'uow' | 'passwords' | 'clientSecrets'>,
  parsed: ParsedSeed,
  requestId: string,
  onProgress: SeedProgress = () => {},
  { keepsLater = false }: { readonly keepsLater?: boolean } = {},
): Promise<Tally> {
  const { document, seed } = parsed;
  const missing = parsed.outside.length === 0 ? [] : await findMissing(hub, parsed, requestId);
  if (parsed.problems.length + missing.length > 0) throw seedError(document.file, [...parsed.problems, ...missing]);
  const hashes = await newHashes(hub, seed, requestId, (done, total) => onProgress('passwords', done, total));
  const total = sizeOf(seed);
  return hub.uow.run(systemActor('seed'), { name: 'seed.apply', requestId, reason: document.file }, async (tx) => {
    const tally: Tally = {};
    let done = 0;
    const told: Pick<SeedUnit, 'at' | 'count' | 'keepsLater'> = {
      keepsLater,
      count(kind, outcome) {
        tally[kind] ??= { created: 0, changed: 0, unchanged: 0, waiting: 0, kept: 0 };
        tally[kind][outcome] += 1;
        done += 1;
        onProgress(kind, done, total);
      },
      at: createAt(document),
    };
    const unit: SeedUnit = {
      ...told,
      tx,
      seed,
      names: namesIn(tx),
      newHashes: hashes,
      clientSecrets: hub.clientSecrets,
      channelSettings: parsed.channelSettings,
      keeping: createKeeping(told),
    };
    for (const apply of order) await apply(unit);
    return tally;
  });
}

/** Names that are neither in the file nor in the hub. */
function findMissing(hub: Pick<CliHub, 'uow'>, parsed: ParsedSeed, requestId: string): Promise<SeedProblem[]> {
  return hub.uow.run(systemActor('seed'), { name: 'seed.read', requestId }, async (tx) => {
    const names = namesIn(tx);
    const problems: SeedProblem[] = [];
    for (const reference of parsed.outside) {
      if ((await ifKnown(find(names, reference))) !== undefined) continue;
      const { kind, name, within } = reference;
      const where = within === undefined ? '' : ` of application "${within}"`;
      const problem = `${kind} "${name}"${where} is neither in this file nor in the hub`;
      problems.push(parsed.document.problemAt(reference.path, problem));
    }
    return problems;
  });
}

function find(names: Names, { kind, name, within = '' }: Reference): Promise<unknown> {
  switch (kind) {
    case 'licenseType':
      return names.licenseType(within, name);
    case 'plan':
      return names.plan(within, name);
    default:
      return names[kind](name);
  }
}

function sizeOf(seed: Seed): number {
  const tenants = seed.tenants.reduce(
    (sum, { users, pools }) => sum + users.length + pools.length + users.reduce((n, u) => n + u.licenses.length, 0),
    0,
  );
  const plans = seed.applications.reduce((sum, application) => sum + application.plans.length, 0);
  return Object.values(seed).reduce((sum, section) => sum + section.length, tenants + plans);
}
