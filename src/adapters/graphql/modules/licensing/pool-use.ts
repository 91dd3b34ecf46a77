import type { PoolUse } from '../../../../core/licensing/index.js';
import type { MercatorContext } from '../../services.js';

/** Counted for all pools of a request at once, and only where somebody wants to know. */
export function poolUseOf(poolId: string, context: MercatorContext): Promise<PoolUse> {
  const { poolUse } = context.services.readers;
  return context.loaders.custom(poolUseOf, (ids) => poolUse.of(ids), poolId);
}
