import { requireEverywhere } from '../../shared/actor.js';
import { checkReference, checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkUrl } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { Webhook } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

type Repositories = Tx & TenancyRepositories & MarketplaceRepositories;

export interface WebhookInput {
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks). */
  readonly secret: string;
  readonly events: readonly string[];
}

/** Registers where events are told to. Errors: not_found, forbidden, invalid_value. */
export async function registerWebhook(
  tx: Repositories,
  input: WebhookInput & { readonly tenantId?: string },
): Promise<Webhook> {
  const tenantId = input.tenantId ?? '';
  await requireOwner(tx, tenantId);
  await checkReference('tenant', tx.tenants, tenantId);
  return tx.webhooks.insert({
    id: tx.ids.next('webhook'),
    createdAt: tx.now,
    tenantId,
    disabledAt: null,
    ...check(input),
  });
}

/** Changes it or switches it off; an empty secret keeps the present one. Errors: not_found, forbidden, version_conflict, invalid_value. */
export async function updateWebhook(
  tx: Repositories,
  input: WebhookInput & { readonly id: string; readonly expectedVersion?: number | null; readonly disabled?: boolean },
): Promise<Webhook> {
  const before = found('webhook', await tx.webhooks.lock(input.id));
  await requireOwner(tx, before.tenantId);
  checkVersion('webhook', before, input.expectedVersion);
  const disabled = input.disabled ?? before.disabledAt !== null;
  return tx.webhooks.save(before, {
    ...check({ ...input, secret: input.secret === '' ? before.secret : input.secret }),
    disabledAt: disabled ? (before.disabledAt ?? tx.now) : null,
  });
}

/** Does a subscription to `license.*` or `license.assigned` want this event? */
export function wantsEvent(patterns: readonly string[], type: string): boolean {
  return patterns.some((p) => p === '*' || p === type || (p.endsWith('.*') && type.startsWith(p.slice(0, -1))));
}

async function requireOwner(tx: Repositories, tenantId: string): Promise<void> {
  if (tenantId === '') return requireEverywhere(tx.actor, 'admin');
  await requireReach(tx, 'admin', 'webhook', { tenantId, channelId: '' });
}

function check(input: WebhookInput): WebhookInput {
  if (!/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(input.secret)) {
    throw invalid('secret', 'must be whsec_ and base64 of 24 to 64 bytes');
  }
  if (input.events.length === 0) throw invalid('events', 'must not be empty');
  const bad = input.events.find((e) => !/^(\*|[a-z_]+\.(\*|[a-z_]+))$/.test(e));
  if (bad !== undefined) throw invalid('events', `"${bad}" is not an event type or a prefix ending in .*`);
  return { url: checkUrl('url', input.url), secret: input.secret, events: [...input.events] };
}
