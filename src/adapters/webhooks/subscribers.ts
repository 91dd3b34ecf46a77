import { wantsEvent } from '../../core/marketplace/index.js';
import type { Readers, WebhookView } from '../../core/readers.js';
import type { Units } from '../../core/repositories.js';
import { systemActor } from '../../core/shared/actor.js';
import type { PublishedEvent } from '../../core/shared/events.js';
import { type SendPorts, sendEvent } from './send.js';

/** What the outbox relay delivers to. */
export interface WebhookSubscriber {
  readonly name: string;
  wants(event: PublishedEvent): boolean;
  deliver(event: PublishedEvent): Promise<void>;
}

export interface WebhookPorts extends SendPorts {
  readonly uow: Units;
  readonly readers: Pick<Readers, 'webhooks'>;
}

const actor = systemActor('webhooks');

/**
 * One subscriber per registered webhook that is switched on, read anew at every call, so that one receiver that is down never
 * holds up another. A tenant's webhook hears of that tenant and of what is below it; an operator's of everything.
 */
export function createWebhookSubscribers(ports: WebhookPorts): () => Promise<WebhookSubscriber[]> {
  return async () => {
    const webhooks = await registered(ports.readers);
    const subtrees = await subtreesOf(ports.uow, webhooks);
    return webhooks.map(({ id, tenantId, events }) => ({
      name: `webhook:${id}`,
      wants: (event) =>
        wantsEvent(events, event.type) && (tenantId === '' || subtrees.get(tenantId)?.has(event.tenantId) === true),
      deliver: (event) => deliver(ports, id, event),
    }));
  };
}

async function registered(readers: WebhookPorts['readers']): Promise<WebhookView[]> {
  const found: WebhookView[] = [];
  for (let after: string | null = null; ; ) {
    const page = await readers.webhooks.page(actor, { first: 200, after, filter: { disabledAt: { eq: null } } });
    found.push(...page.nodes);
    after = page.cursors.at(-1) ?? null;
    if (!page.hasNextPage) return found;
  }
}

async function subtreesOf(uow: Units, webhooks: readonly WebhookView[]): Promise<Map<string, ReadonlySet<string>>> {
  const roots = [...new Set(webhooks.map(({ tenantId }) => tenantId))].filter((id) => id !== '');
  if (roots.length === 0) return new Map();
  return uow.run(actor, { name: 'webhooks.read', requestId: '' }, async (tx) => {
    const subtrees = new Map<string, ReadonlySet<string>>();
    for (const id of roots) subtrees.set(id, new Set(await tx.tenantTree.descendants(id)));
    return subtrees;
  });
}

/** The address and the secret of this moment: both may have changed since the event was taken up. */
async function deliver(ports: WebhookPorts, id: string, event: PublishedEvent): Promise<void> {
  const webhook = await ports.uow.run(actor, { name: 'webhooks.read', requestId: '' }, (tx) => tx.webhooks.find(id));
  if (webhook === undefined || webhook.disabledAt !== null) return;
  await sendEvent(ports, webhook, event);
}
