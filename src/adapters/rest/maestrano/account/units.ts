import type { Unit } from '../../../../core/repositories.js';
import { systemActor } from '../../../../core/shared/actor.js';
import type { MarketplacePorts } from '../../../marketplace.js';

const actor = systemActor('billing');

/** A unit of work of the hub's own on behalf of a channel. */
export function inUnit<T>(
  { uow, ids }: Pick<MarketplacePorts, 'uow' | 'ids'>,
  name: string,
  channelId: string,
  work: (tx: Unit) => Promise<T>,
): Promise<T> {
  return uow.run(actor, { name: `maestrano.${name}`, requestId: ids.next('request'), channelId }, work);
}
