import {
  amendIdentityProvider,
  type IdentityProvider,
  registerIdentityProvider,
} from '../../../../core/identity/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { RegisterIdentityProviderInput, UpdateIdentityProviderInput } from './inputs.js';
import { IdentityProviderPayload } from './payloads.js';

async function run(
  { context, change }: Call,
  work: (tx: Unit) => Promise<IdentityProvider>,
): Promise<IdentityProviderPayload> {
  return { identityProvider: await shown(context, 'identityProviders', await change(work)) };
}

export const IdentityProviderMutations = mutationsOf('identity', {
  registerIdentityProvider: mutation(
    RegisterIdentityProviderInput,
    IdentityProviderPayload,
    'Registers a customer’s own OpenID provider.',
    (input, call) => {
      const { emailDomains, required, ...provider } = given(input, { emailDomains: [], required: false });
      const whole = { ...provider, emailDomains: emailDomains ?? [], required: required ?? false };
      return run(call, (tx) => registerIdentityProvider(tx, whole));
    },
  ),
  updateIdentityProvider: mutation(
    UpdateIdentityProviderInput,
    IdentityProviderPayload,
    'Changes a customer’s own OpenID provider.',
    (input, call) => run(call, (tx) => amendIdentityProvider(tx, given(input, { emailDomains: [] }))),
  ),
});
