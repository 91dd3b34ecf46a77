import { setTrafficPassword, unlockInstance } from '../../../../core/provisioning/index.js';
import { given, shown } from '../command.js';
import { mutation, mutationsOf } from '../mutations-of.js';
import { hashNewPassword } from '../secrets.js';
import { InstancePayload } from './payloads.js';
import { SetTrafficPasswordInput, UnlockInstanceInput } from './registration-inputs.js';

export const TrafficMutations = mutationsOf('provisioning', {
  setTrafficPassword: mutation(
    SetTrafficPasswordInput,
    InstancePayload,
    'Gives an instance another password for traffic, or its first; tokens it holds end.',
    async ({ instanceId, expectedVersion, password }, call) => {
      const passwordHash = await hashNewPassword(call.context, password);
      const id = await call.change(async (tx) => {
        await setTrafficPassword(tx, { instanceId, expectedVersion, passwordHash });
        return { id: instanceId };
      });
      return { instance: await shown(call.context, 'instances', id) };
    },
  ),
  unlockInstance: mutation(
    UnlockInstanceInput,
    InstancePayload,
    'Lets an instance that was locked after failures go on as what it was before; WRONG_STATE when it is not locked.',
    async ({ newPassword, ...input }, call) => {
      const chosen = newPassword ?? undefined;
      const hashed = chosen === undefined ? {} : { passwordHash: await hashNewPassword(call.context, chosen) };
      const id = await call.change((tx) => unlockInstance(tx, { ...given(input, {}), ...hashed }));
      return { instance: await shown(call.context, 'instances', id) };
    },
  ),
});
