import { amendWebhook, registerWebhook, type Webhook } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { RegisterWebhookInput, UpdateWebhookInput } from './inputs.js';
import { WebhookPayload, WebhookSecretPayload } from './payloads.js';

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Webhook>): Promise<WebhookPayload> {
  return { webhook: await shown(context, 'webhooks', await change(work)) };
}

/** The secret made is part of the answer that is kept (encrypted), so that whoever lost the answer can ask for it again. */
async function runWithSecret(
  { context, run: runUnit }: Call,
  chosen: string | null,
  work: (tx: Unit, secret: string) => Promise<Webhook>,
): Promise<WebhookSecretPayload> {
  const made = chosen === null ? context.services.secrets.generateWebhookSecret() : null;
  const done = await runUnit(async (tx) => ({ id: (await work(tx, chosen ?? made ?? '')).id, secret: made }));
  return { webhook: await shown(context, 'webhooks', done.id), secret: done.secret };
}

export const WebhookMutations = mutationsOf('marketplace', {
  registerWebhook: mutation(
    RegisterWebhookInput,
    WebhookSecretPayload,
    'Registers an address that is told about events.',
    ({ secret, ...input }, call) => {
      const webhook = given(input, { tenantId: '' });
      return runWithSecret(call, secret ?? null, (tx, key) => registerWebhook(tx, { ...webhook, secret: key }));
    },
  ),
  updateWebhook: mutation(
    UpdateWebhookInput,
    WebhookPayload,
    'Changes where events are sent, or which; the secret stays.',
    (input, call) => run(call, (tx) => amendWebhook(tx, given(input, {}))),
  ),
  rotateWebhookSecret: mutation(
    TargetInput,
    WebhookSecretPayload,
    'Gives a webhook a new secret, shown once; what is sent from now on is signed with it.',
    ({ id, expectedVersion }, call) =>
      runWithSecret(call, null, (tx, secret) => amendWebhook(tx, { id, expectedVersion, secret })),
  ),
  disableWebhook: mutation(
    TargetInput,
    WebhookPayload,
    'Stops telling it about events.',
    ({ id, expectedVersion }, call) => run(call, (tx) => amendWebhook(tx, { id, expectedVersion, disabled: true })),
  ),
  enableWebhook: mutation(
    TargetInput,
    WebhookPayload,
    'Tells it about events again.',
    ({ id, expectedVersion }, call) => run(call, (tx) => amendWebhook(tx, { id, expectedVersion, disabled: false })),
  ),
});
