import { emailKey } from '../../shared/text.js';
import type { IdentityProvider } from '../model.js';

export interface LoginMethods {
  /** The provider of the customer whose address was typed; null when there is none. */
  readonly provider: IdentityProvider | null;
  /** A local password is usable unless the customer's provider is required (docs/design.md 1). */
  readonly password: boolean;
}

/** How the owner of this e-mail address may sign in. */
export function chooseLoginMethod(email: string, providers: readonly IdentityProvider[]): LoginMethods {
  const domain = emailKey(email).split('@').at(-1) ?? '';
  const provider = providers.find((p) => p.emailDomains.some((d) => emailKey(d) === domain)) ?? null;
  return { provider, password: provider === null || !provider.required };
}
