import type { Application } from '../../catalog/index.js';
import { freeIdsOf } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { anyOf } from '../../shared/repository.js';
import type { Tenant } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { emitObject, type LifecycleObject } from './lock-object.js';

interface Rows {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly instance: Instance;
}

/** The end of the objects themselves, locked and emptied: requests that wait about them are withdrawn, ids are free, it is told. */
export async function endRows<K extends keyof Rows>(tx: Unit, kind: K, rows: readonly Rows[K][]): Promise<Rows[K][]> {
  const ids = rows.map(({ id }) => id);
  const open = await tx.approvals.findAll({ openKey: anyOf(ids) });
  await tx.approvals.saveAll(open, ({ id }) => ({ status: 'WITHDRAWN', openKey: id, decidedAt: tx.now }));
  const ended = await saveEnded(tx, { kind, rows } as Many);
  await freeIdsOf(tx, ids);
  for (const row of ended) emitObject(tx, 'terminated', { kind, row } as LifecycleObject);
  return ended as Rows[K][];
}

type Many = { readonly [K in keyof Rows]: { readonly kind: K; readonly rows: readonly Rows[K][] } }[keyof Rows];

function saveEnded(tx: Unit, { kind, rows }: Many): Promise<readonly Rows[keyof Rows][]> {
  const end = { terminatedAt: tx.now, pending: '' } as const;
  switch (kind) {
    case 'tenant':
      return tx.tenants.saveAll(rows, () => end);
    case 'application':
      return tx.applications.saveAll(rows, ({ id }) => ({ ...end, liveKey: id }));
    case 'instance':
      return tx.instances.saveAll(rows, () => end);
  }
}
