import { changeOwnPassword, setProviderPassword, verifyOwnPassword } from '../../../../core/marketplace/index.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { run } from '../command.js';
import type { Operation } from '../context.js';
import { account, need, providerIdOf } from '../scope.js';

/** The caller's own, the old one known. A wrong old one is ACCESS_DENIED. */
const changePassword: Operation = async (input, call) => {
  const password = need(input, 'newPassword');
  const oldPassword = (input.oldPassword as string | undefined) ?? '';
  const credentialVersion = await verifyOwnPassword(call.ports, account(call), oldPassword, call.address);
  const passwordHash = await call.ports.passwords.hash(password);
  await run(call, (tx) => changeOwnPassword(tx, { password, passwordHash, credentialVersion }));
};

const setSpAccountPassword: Operation = async (input, call) => {
  const password = need(input, 'newPassword');
  const passwordHash = await call.ports.passwords.hash(password);
  await run(call, async (tx) =>
    setProviderPassword(tx, { tenantId: await providerIdOf(tx, call, input), password, passwordHash }),
  );
};

const levelNames: Readonly<Record<number, string>> = {
  [operatorLevels.NONE]: 'UNAUTHORIZED',
  [operatorLevels.READ_ONLY]: 'READ_ONLY',
  [operatorLevels.READ_WRITE]: 'READ_WRITE',
  [operatorLevels.ADMINISTRATOR]: 'ADMINISTRATOR',
};

const getUserLevel: Operation = async (_input, call) => levelNames[account(call).level ?? operatorLevels.NONE];

export const forProviders = { changeSpAccountPassword: changePassword };
export const forOperators = { setSpAccountPassword, changeOpAccountPassword: changePassword, getUserLevel };
