import { kindOfId } from '../shared/ids.js';
import type { AlarmCondition } from './model.js';

const webhookPrefix = 'webhook:';
const logoutSubscriber = 'backchannel-logout';

/** The webhook a subscriber of the relay stands for; undefined for parts of the hub. */
export function webhookOf(subscriber: string): string | undefined {
  const id = subscriber.startsWith(webhookPrefix) ? subscriber.slice(webhookPrefix.length) : '';
  return kindOfId(id) === 'webhook' ? id : undefined;
}

/** What is told about events of this subscriber that were given up. */
export function parkedCondition(subscriber: string): AlarmCondition {
  const webhook = webhookOf(subscriber);
  if (webhook !== undefined) return { type: 'webhook_parked', objectId: webhook };
  return subscriber === logoutSubscriber
    ? { type: 'logout_parked', subject: subscriber }
    : { type: 'delivery_parked', subject: subscriber };
}

/** What is told while its deliveries fail and are tried again; parts of the hub are told about when they are given up. */
export function failingCondition(subscriber: string): AlarmCondition | undefined {
  const webhook = webhookOf(subscriber);
  return webhook === undefined ? undefined : { type: 'webhook_failing', objectId: webhook };
}
