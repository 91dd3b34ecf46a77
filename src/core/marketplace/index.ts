export * from './model.js';
export * from './ports.js';
export * from './use-cases/authenticate-service-account.js';
export * from './use-cases/bind-external-ref.js';
export * from './use-cases/configure-channel.js';
export * from './use-cases/put-channel-record.js';
export * from './use-cases/register-service-account.js';
export * from './use-cases/register-webhook.js';
