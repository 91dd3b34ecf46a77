import {
  configureInstance,
  registerInstance,
  setTrafficPassword,
  unlockInstance,
} from '../../../../core/provisioning/index.js';
import { invalid } from '../../../../core/shared/errors.js';
import { run } from '../command.js';
import type { Input, Operation, PrmCall } from '../context.js';
import { readAppInstGroup, writeAppInstGroup } from '../dialect.js';
import { applicationIdOf, instanceIdOf, need, optional, readInstance } from '../scope.js';
import { activate, answer, deactivate, getState, pendingUpdate, requestDeletion, requestUpdate } from './lifecycle.js';
import { listInstances, listOwnInstances } from './lists.js';

const appInstGroupOf = (input: Input, { ports }: PrmCall) =>
  readAppInstGroup(input.appInstGroup as Input | undefined, ports.findXmlFault);

const registerAppInstGroupReq: Operation = async (input, call) => {
  const externalId = need(input, 'appInstGroupId');
  const group = appInstGroupOf(input, call);
  const passwordHash = await call.ports.passwords.hash(need(input, 'password'));
  await run(call, async (tx) =>
    registerInstance(tx, {
      applicationId: await applicationIdOf(tx, call, input),
      externalId,
      passwordHash,
      ...group,
    }),
  );
};

const updateAppInstGroup: Operation = async (input, call) => {
  const group = appInstGroupOf(input, call);
  await run(call, async (tx) => configureInstance(tx, { id: await instanceIdOf(tx, call, input), ...group }));
};

const getAppInstGroup: Operation = async (input, call) => writeAppInstGroup(await readInstance(call, input));

const setAppInstGroupPassword: Operation = async (input, call) => {
  const passwordHash = await call.ports.passwords.hash(need(input, 'newPassword'));
  await run(call, async (tx) =>
    setTrafficPassword(tx, { instanceId: await instanceIdOf(tx, call, input), passwordHash }),
  );
};

/** The password is optional: the signature of the guide has it, its table does not (docs/protocols/prm.md). */
const unlockAppInstGroup: Operation = async (input, call) => {
  const newPassword = optional(input, 'newPassword');
  if (newPassword === '') throw invalid('newPassword', 'must not be empty');
  const change = newPassword === undefined ? {} : { passwordHash: await call.ports.passwords.hash(newPassword) };
  await run(call, async (tx) => unlockInstance(tx, { id: await instanceIdOf(tx, call, input), ...change }));
};

const forBoth = {
  registerAppInstGroupReq,
  deleteAppInstGroupReq: requestDeletion('instance'),
  getAppInstGroup,
  getAppInstGroupState: getState('instance'),
  activateAppInstGroup: activate('instance'),
  deactivateAppInstGroup: deactivate('instance'),
  setAppInstGroupPassword,
};

export const forProviders = {
  ...forBoth,
  updateAppInstGroupReq: requestUpdate('instance', appInstGroupOf),
  listAppInstGroups: listOwnInstances,
};

export const forOperators = {
  ...forBoth,
  updateAppInstGroup,
  unlockAppInstGroup,
  listAppInstGroups: listInstances,
  registerAppInstGroupRes: answer('instance', 'register', { reference: 'appInstGroupRef' }),
  updateAppInstGroupRes: answer('instance', 'update'),
  deleteAppInstGroupRes: answer('instance', 'delete'),
  getUpdatePendingAppInstGroup: pendingUpdate('instance', writeAppInstGroup),
};
