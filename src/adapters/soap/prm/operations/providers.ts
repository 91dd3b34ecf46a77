import { admitStranger, registerProvider } from '../../../../core/provisioning/index.js';
import { DomainError } from '../../../../core/shared/errors.js';
import { updateTenant } from '../../../../core/tenancy/index.js';
import { run } from '../command.js';
import type { Input, Operation } from '../context.js';
import { readSpAccount, writeSpAccount } from '../dialect.js';
import { need, providerIdOf, readProvider } from '../scope.js';
import { activate, answer, deactivate, getState, pendingUpdate, requestDeletion, requestUpdate } from './lifecycle.js';
import { listProviders } from './lists.js';

const spAccountOf = (input: Input) => readSpAccount(input.spAccount as Input | undefined);

const registerSpAccountReq: Operation = async (input, call) => {
  const { ports, channel, settings, address } = call;
  const externalId = need(input, 'spAccountId');
  const password = need(input, 'password');
  const account = spAccountOf(input);
  if (call.actor.kind === 'anonymous') {
    if (!settings.selfRegistration) throw new DomainError('feature_off', { feature: 'registration' });
    await admitStranger(ports, { channelId: channel.id, address });
  }
  const passwordHash = await ports.passwords.hash(password);
  await run(call, (tx) => registerProvider(tx, { channelId: channel.id, externalId, passwordHash, ...account }));
};

const updateSpAccount: Operation = async (input, call) => {
  const account = spAccountOf(input);
  await run(call, async (tx) => updateTenant(tx, { id: await providerIdOf(tx, call, input), ...account }));
};

const getSpAccount: Operation = async (input, call) => writeSpAccount(await readProvider(call, input));

/** What SpLogin, SpService and OpService do with provider accounts. */
export const forStrangers = { registerSpAccountReq };

const forBoth = {
  deleteSpAccountReq: requestDeletion('tenant'),
  deactivateSpAccount: deactivate('tenant'),
  activateSpAccount: activate('tenant'),
  getSpAccount,
  getSpAccountState: getState('tenant'),
};

export const forProviders = { ...forBoth, updateSpAccountReq: requestUpdate('tenant', spAccountOf) };

export const forOperators = {
  ...forBoth,
  registerSpAccountReq,
  updateSpAccount,
  listSpAccounts: listProviders,
  registerSpAccountRes: answer('tenant', 'register', { group: 'spGroupId', reference: 'spAccountRef' }),
  updateSpAccountRes: answer('tenant', 'update'),
  deleteSpAccountRes: answer('tenant', 'delete'),
  getUpdatePendingSpAccount: pendingUpdate('tenant', writeSpAccount),
};
