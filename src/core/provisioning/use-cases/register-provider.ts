import { bindExternalRef, openProviderAccount } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import type { Property } from '../../shared/properties.js';
import { type Contact, insertTenant, isOperatorOf, type Tenant } from '../../tenancy/index.js';
import { freeEnded } from './free-ended.js';
import { openRegistration, registered } from './open-registration.js';

export interface RegisterProviderInput {
  readonly channelId: string;
  /** The channel's id of the provider: also the name its account signs in with. */
  readonly externalId: string;
  /** Absent or '': the external id. */
  readonly name?: string;
  readonly contact?: Contact;
  readonly properties?: readonly Property[];
  /** argon2id of the password the provider will call with. */
  readonly passwordHash: string;
}

/** Providers that may wait on a channel at one time while strangers apply (docs/design.md 10.10). */
export const selfRegistrationLimit = 1_000;

/**
 * A service provider applies on a channel, by itself or through the operator: a tenant REGISTERED with its account, and the
 * approval an operator answers. Anonymous callers only where the channel's `selfRegistration` allows it.
 * Errors: forbidden, feature_off, invalid_value, external_id_taken, already_exists, throttled.
 */
export async function registerProvider(tx: Unit, input: RegisterProviderInput): Promise<Tenant> {
  const channel = found('channel', await tx.channels.find(input.channelId));
  if (channel.protocol !== 'prm') throw invalid('channel', 'is not one where providers register');
  if (tx.actor.kind === 'anonymous') await checkSelfRegistration(tx, channel);
  else if (!isOperatorOf(tx.actor, 'write', channel.id)) throw new DomainError('forbidden', { right: 'write' });
  const tenant = await insertTenant(
    tx,
    {
      kind: 'reseller',
      name: input.name || input.externalId,
      parentId: '',
      channelId: channel.id,
      ...(input.contact && { contact: input.contact }),
      ...(input.properties && { properties: input.properties }),
    },
    registered,
  );
  const { channelId, externalId, passwordHash } = input;
  await freeEnded(tx, { channelId, kind: 'tenant', externalId });
  await bindExternalRef(tx, { channelId, kind: 'tenant', externalId, targetId: tenant.id });
  await openProviderAccount(tx, { channelId, username: externalId, tenantId: tenant.id, passwordHash });
  await openRegistration(tx, { kind: 'tenant', row: tenant });
  return tenant;
}

async function checkSelfRegistration(
  tx: Unit,
  channel: { readonly id: string; readonly settings: Readonly<Record<string, unknown>> },
): Promise<void> {
  if (channel.settings.selfRegistration === false) throw new DomainError('feature_off', { feature: 'registration' });
  // strangers one after the other, because none of two at once sees the other's request
  await tx.channels.lock(channel.id);
  const open = { channelId: channel.id, kind: 'register', objectKind: 'tenant', status: 'OPEN' } as const;
  const waiting = await tx.approvals.count(open);
  if (waiting >= selfRegistrationLimit) throw new DomainError('throttled', { retryAfterSeconds: 3_600 });
}
