import { emailKey } from '../../shared/text.js';
import type { IdentityProvider } from '../model.js';

export interface LoginMethods {
  /** The provider of the customer whose address was typed; null when there is none. */
  readonly provider: IdentityProvider | null;
  /** A local password is usable unless the customer's provider is required (docs/design.md 1). */
  readonly password: boolean;
}

/** How whoever is called so may sign in. A user name without a domain is no customer's, even where it is spelled like one. */
export function chooseLoginMethod(name: string, providers: readonly IdentityProvider[]): LoginMethods {
  if (!name.includes('@')) return { provider: null, password: true };
  const domain = emailKey(name).split('@').at(-1) ?? '';
  const provider = providers.find((p) => p.emailDomains.some((d) => emailKey(d) === domain)) ?? null;
  return { provider, password: provider === null || !provider.required };
}
