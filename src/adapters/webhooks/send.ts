import { Webhook as Signer } from 'standardwebhooks';
import { type Clock, toMilliseconds } from '../../core/shared/clock.js';
import type { PublishedEvent } from '../../core/shared/events.js';
import { reasonOf } from '../../platform/failure-cause.js';
import type { Fetch } from '../../platform/outbound.js';
import { webhookBody } from './body.js';

/** Milliseconds a receiver may take; what is slower should answer first and work later. */
const patience = 10_000;

export interface SendPorts {
  readonly clock: Clock;
  /** The guarded one: private addresses are refused unless allowed, redirects are not followed. */
  readonly fetch: Fetch;
}

/** The receiver's failure, not ours: its text is all there is to know, and a trace of our own code would fill the log. */
export class DeliveryFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'DeliveryFailed';
    this.stack = `${this.name}: ${reason}`;
  }
}

/** Tells one receiver about one event (Standard Webhooks 1.0). Throws for anything but 2xx: then it is told again later. */
export async function sendEvent(
  { clock, fetch }: SendPorts,
  target: { readonly url: string; readonly secret: string },
  event: PublishedEvent,
): Promise<void> {
  const body = webhookBody(event);
  const at = new Date(toMilliseconds(clock.now()));
  const response = await fetch(target.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Mercator-Webhooks/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Signer(target.secret).sign(event.id, at, body),
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(patience),
  }).catch((error: unknown) => {
    throw new DeliveryFailed(reasonOf(error));
  });
  await response.body?.cancel();
  if (!response.ok) throw new DeliveryFailed(`the receiver answered ${response.status}`);
}
