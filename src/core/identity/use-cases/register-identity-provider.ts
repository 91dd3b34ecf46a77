import { requireEverywhere } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkText, checkUrl } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { IdentityProvider } from '../model.js';
import type { IdentityRepositories } from '../ports.js';

export interface IdentityProviderInput {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Offered to addresses of these domains. */
  readonly emailDomains: readonly string[];
  /** Every sign-in of these domains must go through it. */
  readonly required: boolean;
}

type Repositories = Tx & TenancyRepositories & IdentityRepositories;

/**
 * Registers a customer's own OpenID provider. Errors: not_found, forbidden (also for domains, which an operator gives),
 * invalid_value, already_exists.
 */
export async function registerIdentityProvider(
  tx: Repositories,
  input: IdentityProviderInput & { readonly key: string; readonly tenantId: string },
): Promise<IdentityProvider> {
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireReach(tx, 'admin', 'tenant', { tenantId: tenant.id, channelId: tenant.channelId });
  requireDomainGiver(tx, [], input);
  return tx.identityProviders.insert({
    id: tx.ids.next('identityProvider'),
    createdAt: tx.now,
    key: checkText('key', input.key, 120),
    tenantId: tenant.id,
    ...check(input),
  });
}

/** Changes it; an empty clientSecret keeps the present one. Errors: not_found, forbidden, version_conflict, invalid_value. */
export async function updateIdentityProvider(
  tx: Repositories,
  input: IdentityProviderInput & { readonly id: string; readonly expectedVersion?: number | null },
): Promise<IdentityProvider> {
  const before = found('identityProvider', await tx.identityProviders.lock(input.id));
  await requireReach(tx, 'admin', 'identityProvider', { tenantId: before.tenantId, channelId: '' });
  checkVersion('identityProvider', before, input.expectedVersion);
  requireDomainGiver(tx, before.emailDomains, input);
  const clientSecret = input.clientSecret === '' ? before.clientSecret : input.clientSecret;
  return tx.identityProviders.save(before, check({ ...input, clientSecret }));
}

/** Whoever holds a domain receives its people at sign-in, so a domain is given by an operator who has seen whose it is. */
function requireDomainGiver(tx: Tx, held: readonly string[], { emailDomains }: IdentityProviderInput): void {
  if (emailDomains.some((domain) => !held.includes(domain))) requireEverywhere(tx.actor, 'admin');
}

function check(input: IdentityProviderInput): IdentityProviderInput {
  const bad = input.emailDomains.find((d) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(d));
  if (bad !== undefined) throw invalid('emailDomains', `"${bad}" is not a lower-case domain name`);
  return {
    issuer: checkUrl('issuer', input.issuer),
    clientId: checkText('clientId', input.clientId),
    clientSecret: checkText('clientSecret', input.clientSecret, 1_000),
    emailDomains: [...input.emailDomains],
    required: input.required,
  };
}
