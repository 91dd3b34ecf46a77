import type { Readers } from '../../../core/readers.js';
import type { Units } from '../../../core/repositories.js';
import { systemActor } from '../../../core/shared/actor.js';
import { type Finding, failed, ok } from './check.js';

const actor = systemActor('doctor');
const name = 'license pools';

/**
 * Does the counter of every pool equal the seats held from it plus what the pools below draw? Pools that look wrong are looked
 * at again under a lock, because people may be taking seats meanwhile.
 */
export async function checkPools(
  { readers, uow }: { readonly readers: Readers; readonly uow: Units },
  onProgress: (done: number, total: number) => void,
): Promise<Finding> {
  const used = new Map<string, number>();
  const found = new Map<string, number>();
  const add = (id: string, count: number): void => void found.set(id, (found.get(id) ?? 0) + count);
  const total = await readers.licensePools.count(actor);
  for (let after: string | null = null; ; ) {
    const page = await readers.licensePools.page(actor, { first: 200, after });
    const ids = page.nodes.map((pool) => pool.id);
    const held = await readers.licenses.countsByParent(actor, 'poolId', ids, { releasedAt: { eq: null } });
    for (const [index, pool] of page.nodes.entries()) {
      used.set(pool.id, pool.used);
      add(pool.id, held[index] ?? 0);
      if (pool.parentPoolId !== '') add(pool.parentPoolId, pool.quantity);
    }
    onProgress(used.size, total);
    after = page.cursors.at(-1) ?? null;
    if (!page.hasNextPage) break;
  }
  const doubtful = [...used].filter(([id, count]) => (found.get(id) ?? 0) !== count).map(([id]) => id);
  const wrong: string[] = [];
  for (const id of doubtful) {
    const difference = await lookAgain(uow, id);
    if (difference !== undefined) wrong.push(difference);
  }
  if (wrong.length === 0) return ok(name, `${used.size} counters equal their rows`);
  return failed(name, wrong.join('; '), 'Please report this: a counter and its rows are written in one transaction.');
}

function lookAgain(uow: Units, id: string): Promise<string | undefined> {
  return uow.run(actor, { name: 'doctor.checkPool', requestId: 'doctor' }, async (tx) => {
    const pool = await tx.licensePools.lock(id);
    if (pool === undefined) return undefined;
    const below = await tx.licensePools.findMany({ parentPoolId: id });
    const rows =
      (await tx.licenses.count({ poolId: id, releasedAt: null })) + below.reduce((n, p) => n + p.quantity, 0);
    return rows === pool.used ? undefined : `${id} counts ${pool.used}, its rows are ${rows}`;
  });
}
