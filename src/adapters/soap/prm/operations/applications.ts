import { updateApplication } from '../../../../core/catalog/index.js';
import { registerApplication } from '../../../../core/provisioning/index.js';
import { run } from '../command.js';
import type { Input, Operation } from '../context.js';
import { readAppAccount, writeAppAccount } from '../dialect.js';
import { applicationIdOf, need, providerIdOf, readApplication } from '../scope.js';
import { activate, answer, deactivate, getState, pendingUpdate, requestDeletion, requestUpdate } from './lifecycle.js';
import { listApplications, listOwnApplications } from './lists.js';

/** SpService calls the field `app`, OpService `appAccount`. */
const appAccountOf = (input: Input) => readAppAccount((input.app ?? input.appAccount) as Input | undefined);

const registerAppAccountReq: Operation = async (input, call) => {
  const externalId = need(input, 'appAccountId');
  const account = appAccountOf(input);
  await run(call, async (tx) =>
    registerApplication(tx, { tenantId: await providerIdOf(tx, call, input), externalId, ...account }),
  );
};

const updateAppAccount: Operation = async (input, call) => {
  const account = appAccountOf(input);
  await run(call, async (tx) => updateApplication(tx, { id: await applicationIdOf(tx, call, input), ...account }));
};

const getAppAccount: Operation = async (input, call) => writeAppAccount(await readApplication(call, input));

const forBoth = {
  registerAppAccountReq,
  deleteAppAccountReq: requestDeletion('application'),
  getAppAccount,
  getAppAccountState: getState('application'),
  activateAppAccount: activate('application'),
  deactivateAppAccount: deactivate('application'),
};

export const forProviders = {
  ...forBoth,
  updateAppAccountReq: requestUpdate('application', appAccountOf),
  listAppAccounts: listOwnApplications,
};

export const forOperators = {
  ...forBoth,
  updateAppAccount,
  listAppAccounts: listApplications,
  registerAppAccountRes: answer('application', 'register', { group: 'appGroupId', reference: 'appAccountRef' }),
  updateAppAccountRes: answer('application', 'update'),
  deleteAppAccountRes: answer('application', 'delete'),
  getUpdatePendingAppAccount: pendingUpdate('application', writeAppAccount),
};
