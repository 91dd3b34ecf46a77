export { type SentEvent, webhookBody } from './body.js';
export { createWebhookSubscribers, type WebhookPorts, type WebhookSubscriber } from './subscribers.js';
