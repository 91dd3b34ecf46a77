import { repriceSubscription, unitPriceOf } from '../../../../core/billing/index.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { Connection, MaestranoChannel } from '../connection.js';
import { createAccountApi } from './api.js';
import { tellCharge } from './tell-charge.js';
import { inUnit } from './units.js';

const atOnce = 4;

/**
 * Sends what is still to be billed for an instance before its group ends, for at most `budgetMs`: first what changes of seats cost that
 * nobody has counted yet, then every single charge that is due. Never throws; what is left stays queued, and becomes uncollectable when
 * the marketplace does not charge the group any more.
 */
export async function billBeforeEnd(
  ports: MarketplacePorts,
  channel: MaestranoChannel,
  connection: Connection,
  instanceId: string,
  budgetMs: number,
): Promise<void> {
  const signal = AbortSignal.timeout(budgetMs);
  const place = { channel, connection, api: createAccountApi(ports, connection, channel.id) };
  try {
    await reprice(ports, channel.id, instanceId);
    const due = await ports.lookups.charges.findMany({ instanceId, channelId: channel.id, status: 'DUE' });
    const waiting = due.filter((charge) => charge.kind !== 'RECURRING' && unitPriceOf(charge) > 0n);
    const send = async () => {
      for (let charge = waiting.shift(); charge !== undefined && !signal.aborted; charge = waiting.shift()) {
        await tellCharge(ports, place, charge.id, signal).catch(() => undefined); // the relay sends it and says why it failed
      }
    };
    await Promise.all(Array.from({ length: atOnce }, send));
  } catch (err) {
    ports.logger.warn({ err, instance: instanceId }, 'the last bills of a group could not be sent before it ended');
  }
}

async function reprice(ports: MarketplacePorts, channelId: string, instanceId: string): Promise<void> {
  const subscriptions = await ports.lookups.subscriptions.findMany({ instanceId, channelId });
  for (const { id, status } of subscriptions) {
    if (status !== 'ENDED')
      await inUnit(ports, 'reprice', channelId, (tx) => repriceSubscription(tx, { subscriptionId: id }));
  }
}
