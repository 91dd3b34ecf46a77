import type { Charge } from '../../../../core/billing/index.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { isFailure } from './failure.js';
import type { LeftBill } from './find-bills.js';

type Alarming = Pick<MarketplacePorts, 'alarms'>;

/** Tells the operator when a call failed because our credentials are not taken. */
export async function tellIfDenied({ alarms }: Alarming, channelId: string, error: unknown): Promise<void> {
  if (!isFailure(error, 'denied')) return;
  await alarms.raise({
    type: 'marketplace_denies',
    channelId,
    info: 'the marketplace does not take the credentials of the channel',
    additionalInfo: error.message,
    once: true,
  });
}

/** Our credentials were taken. */
export async function clearDenied({ alarms }: Alarming, channelId: string): Promise<void> {
  await alarms.clear({ type: 'marketplace_denies', channelId });
}

/** Tells the operator what became of a charge the marketplace does not bill. */
export async function tellNotBilled({ alarms }: Alarming, charge: Charge): Promise<void> {
  const type = charge.status === 'UNCOLLECTABLE' ? 'charge_uncollectable' : 'charge_refused';
  await alarms.raise({
    type,
    channelId: charge.channelId,
    objectId: charge.id,
    tenantId: charge.tenantId,
    info: charge.description,
    additionalInfo: charge.failure,
    once: true,
  });
}

/** The charge is billed, or nobody wants it to be any more. */
export async function clearNotBilled({ alarms }: Alarming, { channelId, id: objectId }: Charge): Promise<void> {
  await alarms.clear({ type: 'charge_refused', channelId, objectId });
  await alarms.clear({ type: 'charge_uncollectable', channelId, objectId });
}

/** Tells the operator of bills that should not be there and cannot be canceled; of none it says nothing. */
export async function tellOverbilled({ alarms }: Alarming, charge: Charge, left: readonly LeftBill[]): Promise<void> {
  if (left.length === 0) return;
  await alarms.raise({
    type: 'charge_overbilled',
    channelId: charge.channelId,
    objectId: charge.id,
    tenantId: charge.tenantId,
    info: charge.description,
    additionalInfo: left.map(({ billId, reason }) => `${billId}: ${reason}`).join('; '),
    once: true,
  });
}
