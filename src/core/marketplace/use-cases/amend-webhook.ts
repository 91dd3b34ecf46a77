import { found } from '../../shared/checks.js';
import type { Webhook } from '../model.js';
import { updateWebhook, type WebhookInput } from './register-webhook.js';

/** Changes what is named of a webhook; absent fields stay, the secret too. Errors: as `updateWebhook`. */
export async function amendWebhook(
  tx: Parameters<typeof updateWebhook>[0],
  input: Partial<WebhookInput> & {
    readonly id: string;
    readonly expectedVersion?: number | null;
    readonly disabled?: boolean;
  },
): Promise<Webhook> {
  const { url, events } = found('webhook', await tx.webhooks.find(input.id));
  return updateWebhook(tx, { url, events, secret: '', ...input });
}
