import type { Unit } from '../../repositories.js';
import { requireEverywhere } from '../../shared/actor.js';
import { checkLevel, checkReference, checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkOptionalText, checkText, checkUrl } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Client } from '../model.js';
import type { IdentityRepositories } from '../ports.js';

export const clientGrantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const;
export const clientScopes = [
  'openid',
  'email',
  'profile',
  'offline_access',
  'hub.read',
  'hub.write',
  'hub.admin',
] as const;

export interface RegisterClientInput {
  readonly clientId: string;
  readonly name?: string;
  /** HMAC of the secret; '' makes a public client. */
  readonly secretHash: string;
  readonly applicationId?: string;
  readonly instanceId?: string;
  readonly tenantId?: string;
  readonly level?: number | null;
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly backchannelLogoutUri?: string;
}

type Repositories = Tx & IdentityRepositories & Pick<Unit, 'tenants' | 'applications' | 'instances'>;

/** Registers an OpenID / OAuth client. Operators of level ADMINISTRATOR. Errors: forbidden, unknown_reference, invalid_value, already_exists. */
export async function registerClient(tx: Repositories, input: RegisterClientInput): Promise<Client> {
  requireEverywhere(tx.actor, 'admin');
  await checkBindings(tx, input);
  const client = await tx.clients.insert({
    id: tx.ids.next('client'),
    createdAt: tx.now,
    clientId: checkClientId(input.clientId),
    disabledAt: null,
    ...checkClient(input),
  });
  emitClient(tx, 'client.registered', client);
  return client;
}

/** Replaces a client's registration; an empty `secretHash` here keeps the secret. Errors: forbidden, not_found, version_conflict, invalid_value. */
export async function updateClient(
  tx: Repositories,
  input: Omit<RegisterClientInput, 'clientId'> & {
    readonly id: string;
    readonly expectedVersion?: number | null;
    readonly disabled?: boolean;
  },
): Promise<Client> {
  requireEverywhere(tx.actor, 'admin');
  const before = found('client', await tx.clients.lock(input.id));
  checkVersion('client', before, input.expectedVersion);
  await checkBindings(tx, input);
  const disabled = input.disabled ?? before.disabledAt !== null;
  const after = await tx.clients.save(before, {
    ...checkClient({ ...input, secretHash: input.secretHash === '' ? before.secretHash : input.secretHash }),
    disabledAt: disabled ? (before.disabledAt ?? tx.now) : null,
  });
  if (after.version === before.version) return after;
  const ended = after.secretHash !== before.secretHash || after.disabledAt !== before.disabledAt;
  await tx.tokenRevocations.revoke({ kind: 'client', id: after.clientId, ...(ended ? {} : { clientIds: [] }) });
  emitClient(tx, 'client.updated', after);
  return after;
}

/** Throws `unknown_reference` for an application, instance or tenant that is not there. */
async function checkBindings(
  tx: Repositories,
  { applicationId, instanceId, tenantId }: Pick<RegisterClientInput, 'applicationId' | 'instanceId' | 'tenantId'>,
): Promise<void> {
  await checkReference('application', tx.applications, applicationId ?? '');
  await checkReference('instance', tx.instances, instanceId ?? '');
  await checkReference('tenant', tx.tenants, tenantId ?? '');
}

function checkClientId(value: string): string {
  checkText('clientId', value, 200);
  if (!/^[\x21-\x7e]+$/.test(value)) throw invalid('clientId', 'must be visible ASCII');
  return value;
}

function checkClient(input: Omit<RegisterClientInput, 'clientId'>) {
  const grants = input.grantTypes;
  const unknownGrant = grants.find((g) => !(clientGrantTypes as readonly string[]).includes(g));
  if (unknownGrant !== undefined) throw invalid('grantTypes', `"${unknownGrant}" is not offered`);
  const unknownScope = input.scopes.find((s) => !(clientScopes as readonly string[]).includes(s));
  if (unknownScope !== undefined) throw invalid('scopes', `"${unknownScope}" is not offered`);
  const level = checkLevel('level', input.level ?? null);
  const tenantId = input.tenantId ?? '';
  if (grants.includes('client_credentials')) {
    if (input.secretHash === '') throw invalid('clientSecret', 'is needed for client_credentials');
    if ((level === null) === (tenantId === ''))
      throw invalid('level', 'client_credentials needs either a level or a tenant');
  }
  if (grants.includes('authorization_code') && (input.redirectUris ?? []).length === 0) {
    throw invalid('redirectUris', 'must not be empty for authorization_code');
  }
  return {
    name: checkOptionalText('name', input.name ?? ''),
    secretHash: input.secretHash,
    applicationId: input.applicationId ?? '',
    instanceId: input.instanceId ?? '',
    tenantId,
    level,
    grantTypes: [...grants],
    scopes: [...input.scopes],
    redirectUris: (input.redirectUris ?? []).map((uri) => checkUrl('redirectUris', uri)),
    postLogoutRedirectUris: (input.postLogoutRedirectUris ?? []).map((uri) => checkUrl('postLogoutRedirectUris', uri)),
    backchannelLogoutUri:
      (input.backchannelLogoutUri ?? '') === ''
        ? ''
        : checkUrl('backchannelLogoutUri', input.backchannelLogoutUri ?? ''),
  };
}

function emitClient(tx: Tx, type: string, client: Client): void {
  tx.emit({
    type,
    aggregate: { kind: 'client', id: client.id, version: client.version },
    tenantId: client.tenantId,
    payload: { clientId: client.clientId, disabled: client.disabledAt !== null },
  });
}
