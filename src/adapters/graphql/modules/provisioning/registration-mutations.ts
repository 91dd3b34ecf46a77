import { registerApplication, registerInstance, registerProvider } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { propertiesOf } from '../properties.js';
import { hashNewPassword } from '../secrets.js';
import { contactOf } from '../tenancy/inputs.js';
import { RegisterApplicationInput, RegisterInstanceInput, RegisterProviderInput } from './registration-inputs.js';
import {
  RegisteredApplicationPayload,
  RegisteredInstancePayload,
  RegisteredProviderPayload,
} from './registration-payloads.js';

/** What was registered, and the request it waits with. */
async function register(call: Call, work: (tx: Unit) => Promise<{ readonly id: string }>) {
  const made = await call.run(async (tx) => {
    const { id } = await work(tx);
    const approval = await tx.approvals.findOne({ openKey: id });
    return { id, approvalId: approval?.id ?? null };
  });
  return { id: made.id, approval: await shown(call.context, 'approvals', made.approvalId) };
}

const unnamed = { name: '', description: '' };

export const RegistrationMutations = mutationsOf('provisioning', {
  registerProvider: mutation(
    RegisterProviderInput,
    RegisteredProviderPayload,
    'Registers a service provider on a channel, with the account it will call with; it waits for an operator’s answer.',
    async ({ contact, properties, password, ...input }, call) => {
      const passwordHash = await hashNewPassword(call.context, password);
      const provider = {
        ...given(input, unnamed),
        ...contactOf(contact),
        ...propertiesOf(properties),
        passwordHash,
      };
      const { id, approval } = await register(call, (tx) => registerProvider(tx, provider));
      return { tenant: await shown(call.context, 'tenants', id), approval };
    },
  ),
  registerApplication: mutation(
    RegisterApplicationInput,
    RegisteredApplicationPayload,
    'Registers an application of a provider; it waits for an operator’s answer.',
    async ({ properties, ...input }, call) => {
      const application = { ...given(input, unnamed), ...propertiesOf(properties) };
      const { id, approval } = await register(call, (tx) => registerApplication(tx, application));
      return { application: await shown(call.context, 'applications', id), approval };
    },
  ),
  registerInstance: mutation(
    RegisterInstanceInput,
    RegisteredInstancePayload,
    'Registers an instance of a provider’s own application, with its password for traffic; it waits for an operator’s answer.',
    async ({ properties, password, ...input }, call) => {
      const passwordHash = await hashNewPassword(call.context, password);
      const instance = { ...given(input, unnamed), ...propertiesOf(properties), passwordHash };
      const { id, approval } = await register(call, (tx) => registerInstance(tx, instance));
      return { instance: await shown(call.context, 'instances', id), approval };
    },
  ),
});
