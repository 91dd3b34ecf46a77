import type { CatalogRepositories } from '../../catalog/index.js';
import type { Subscription } from '../model.js';
import { mostDescription } from './limits.js';
import type { Difference } from './plan-recurring.js';

type Priced = Pick<Subscription, 'applicationId' | 'planId' | 'seats'>;

/** What a recurring charge is called on the bill. */
export async function describeRate(tx: CatalogRepositories, subscription: Priced, seats: number): Promise<string> {
  const what = await nameOf(tx, subscription);
  if (subscription.seats === 'flat') return shortened(what);
  return shortened(what, `, ${seats} ${seats === 1 ? 'seat' : 'seats'}`);
}

/** What a difference for a part of a period is called; its dates are days in UTC. */
export async function describeDifference(
  tx: CatalogRepositories,
  subscription: Priced,
  { minor, startsAt, endsAt }: Difference,
): Promise<string> {
  const span = `${startsAt.slice(0, 10)} to ${endsAt.slice(0, 10)}`;
  return shortened(await nameOf(tx, subscription), `, ${minor < 0n ? 'credit' : 'part of a period'} ${span}`);
}

async function nameOf(tx: CatalogRepositories, { applicationId, planId }: Priced): Promise<string> {
  const application = await tx.applications.find(applicationId);
  const plan = await tx.plans.find(planId);
  return [application?.name ?? '', plan?.name ?? ''].filter((name) => name !== '').join(', ');
}

/** Names give way to what follows them. */
function shortened(names: string, tail = ''): string {
  let kept = '';
  for (const sign of names) {
    if (kept.length + sign.length + tail.length > mostDescription) break;
    kept += sign;
  }
  return `${kept.trimEnd()}${tail}`;
}
