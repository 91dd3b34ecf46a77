import { found } from '../../shared/checks.js';
import type { IdentityProvider } from '../model.js';
import { type IdentityProviderInput, updateIdentityProvider } from './register-identity-provider.js';

/** Changes what is named of a customer's provider; absent fields stay. Errors: as `updateIdentityProvider`. */
export async function amendIdentityProvider(
  tx: Parameters<typeof updateIdentityProvider>[0],
  input: Partial<IdentityProviderInput> & { readonly id: string; readonly expectedVersion?: number | null },
): Promise<IdentityProvider> {
  const { issuer, clientId, emailDomains, required } = found(
    'identityProvider',
    await tx.identityProviders.find(input.id),
  );
  return updateIdentityProvider(tx, { issuer, clientId, emailDomains, required, clientSecret: '', ...input });
}
