export * from './model.js';
export * from './ports.js';
export { accountThrottleKey } from './use-cases/account-throttle.js';
export { type AddChannelRecordInput, addChannelRecord } from './use-cases/add-channel-record.js';
export { allowRediscovery } from './use-cases/allow-rediscovery.js';
export { allowTaskRetry } from './use-cases/allow-task-retry.js';
export * from './use-cases/amend-channel.js';
export * from './use-cases/amend-webhook.js';
export * from './use-cases/apply-discovery.js';
export * from './use-cases/assign-external-id.js';
export * from './use-cases/authenticate-interface-user.js';
export {
  type AuthenticateServiceAccountPorts,
  authenticateServiceAccount,
  type ProvenAccount,
  type ServiceCredential,
} from './use-cases/authenticate-service-account.js';
export * from './use-cases/bind-certificate.js';
export * from './use-cases/bind-external-ref.js';
export * from './use-cases/bind-sign-in-name.js';
export { type ConfigureChannelInput, configureChannel, updateChannel } from './use-cases/configure-channel.js';
export { containerOf } from './use-cases/container-of.js';
export * from './use-cases/end-channel-record.js';
export * from './use-cases/find-channel-record.js';
export * from './use-cases/find-sign-in-name.js';
export * from './use-cases/free-external-id.js';
export { freeIdsOf, freeIdsOfPeople } from './use-cases/free-ids-of.js';
export * from './use-cases/login-ticket.js';
export * from './use-cases/person-by-sign-in-name.js';
export {
  changeOwnPassword,
  closeAccountsOf,
  type NewPassword,
  openProviderAccount,
  setProviderPassword,
} from './use-cases/provider-account.js';
export * from './use-cases/put-channel-record.js';
export * from './use-cases/register-service-account.js';
export * from './use-cases/register-webhook.js';
export { type UpdateChannelRecordInput, updateChannelRecord } from './use-cases/update-channel-record.js';
export * from './use-cases/verify-own-password.js';
