import {
  registerServiceAccount,
  type ServiceAccount,
  setProviderPassword,
  updateServiceAccount,
} from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { invalid } from '../../../../core/shared/errors.js';
import type { MercatorContext } from '../../services.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { hashNewPassword } from '../secrets.js';
import { RegisterServiceAccountInput, SetProviderPasswordInput, UpdateServiceAccountInput } from './inputs.js';
import { ServiceAccountPasswordPayload, ServiceAccountPayload } from './payloads.js';

async function run(
  { context, change }: Call,
  work: (tx: Unit) => Promise<ServiceAccount>,
): Promise<ServiceAccountPayload> {
  return { serviceAccount: await shown(context, 'serviceAccounts', await change(work)) };
}

/** The password made is part of the answer that is kept (encrypted), so that whoever lost the answer can ask for it again. */
async function runWithPassword(
  { context, run: runUnit }: Call,
  password: string | null,
  work: (tx: Unit) => Promise<ServiceAccount>,
): Promise<ServiceAccountPasswordPayload> {
  const made = await runUnit(async (tx) => ({ id: (await work(tx)).id, password }));
  return { serviceAccount: await shown(context, 'serviceAccounts', made.id), password: made.password };
}

function checkAddresses({ services }: MercatorContext, addresses: readonly string[] | null | undefined): void {
  if (addresses === null || addresses === undefined) return;
  if (addresses.length === 0) throw invalid('addresses', 'must not be empty: null allows any');
  try {
    services.checkAddressList(addresses);
  } catch (error) {
    throw invalid('addresses', error instanceof Error ? error.message : 'must be addresses or CIDR blocks');
  }
}

const cleared = { soapSecret: '', level: null, tenantId: null, addresses: null };

export const ServiceAccountMutations = mutationsOf('marketplace', {
  registerServiceAccount: mutation(
    RegisterServiceAccountInput,
    ServiceAccountPasswordPayload,
    'Gives a marketplace a credential to call with.',
    async ({ password, ...input }, call) => {
      const account = given(input, cleared);
      checkAddresses(call.context, account.addresses);
      const chosen = password ?? call.context.services.secrets.generate();
      const made = chosen === password ? null : chosen;
      const passwordHash = await hashNewPassword(call.context, chosen);
      return runWithPassword(call, made, (tx) => registerServiceAccount(tx, { ...account, passwordHash }));
    },
  ),
  updateServiceAccount: mutation(
    UpdateServiceAccountInput,
    ServiceAccountPasswordPayload,
    'Changes a credential; what was verified with the old one is dropped.',
    async ({ generatePassword, ...input }, call) => {
      const { password, ...account } = given(input, cleared);
      checkAddresses(call.context, account.addresses);
      const made = generatePassword === true ? call.context.services.secrets.generate() : null;
      const chosen = made ?? password;
      const changed =
        chosen === undefined ? {} : { password: chosen, passwordHash: await hashNewPassword(call.context, chosen) };
      return runWithPassword(call, made, (tx) => updateServiceAccount(tx, { ...account, ...changed }));
    },
  ),
  setProviderPassword: mutation(
    SetProviderPasswordInput,
    ServiceAccountPayload,
    'Gives the account a provider calls with another password, without the old one.',
    async (input, call) => {
      const passwordHash = await hashNewPassword(call.context, input.password);
      return run(call, (tx) => setProviderPassword(tx, { ...given(input, {}), passwordHash }));
    },
  ),
  unlockServiceAccount: mutation(
    TargetInput,
    ServiceAccountPayload,
    'Lets an account that was locked after failures call again.',
    ({ id, expectedVersion }, call) =>
      run(call, (tx) => updateServiceAccount(tx, { id, expectedVersion, locked: false })),
  ),
  disableServiceAccount: mutation(
    TargetInput,
    ServiceAccountPayload,
    'Switches an account off, at once in every process.',
    ({ id, expectedVersion }, call) =>
      run(call, (tx) => updateServiceAccount(tx, { id, expectedVersion, disabled: true })),
  ),
  enableServiceAccount: mutation(
    TargetInput,
    ServiceAccountPayload,
    'Switches an account on again.',
    ({ id, expectedVersion }, call) =>
      run(call, (tx) => updateServiceAccount(tx, { id, expectedVersion, disabled: false })),
  ),
});
