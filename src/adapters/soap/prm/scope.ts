import type { Application } from '../../../core/catalog/index.js';
import { findExternalRef } from '../../../core/marketplace/index.js';
import type { Instance } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import { DomainError, invalid, notFound } from '../../../core/shared/errors.js';
import type { Lifecycle } from '../../../core/shared/lifecycle.js';
import type { Tenant } from '../../../core/tenancy/index.js';
import type { Input, PrmCall } from './context.js';

/** A text the schema demands, which must not be empty. */
export function need(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw invalid(name, 'must not be empty');
  return value;
}

export function optional(input: Input, name: string): string | undefined {
  return input[name] as string | undefined;
}

/** The caller as an account; the open operations have none. */
export function account(call: PrmCall): Extract<PrmCall['actor'], { kind: 'serviceAccount' }> {
  if (call.actor.kind === 'anonymous') throw new DomainError('authentication_failed');
  return call.actor;
}

/** The provider a message is about: the one it names, or the calling one. Errors: not_found. */
export async function providerIdOf(tx: Unit, call: PrmCall, input: Input): Promise<string> {
  const { tenantId } = account(call);
  if (tenantId !== null) return tenantId;
  const externalId = need(input, 'spAccountId');
  return target(tx, call, 'tenant', '', externalId);
}

export async function applicationIdOf(tx: Unit, call: PrmCall, input: Input): Promise<string> {
  const parentId = await providerIdOf(tx, call, input);
  return target(tx, call, 'application', parentId, need(input, 'appAccountId'));
}

export async function instanceIdOf(tx: Unit, call: PrmCall, input: Input): Promise<string> {
  const parentId = await applicationIdOf(tx, call, input);
  return target(tx, call, 'instance', parentId, need(input, 'appInstGroupId'));
}

async function target(
  tx: Unit,
  call: PrmCall,
  kind: 'tenant' | 'application' | 'instance',
  parentId: string,
  externalId: string,
): Promise<string> {
  const ref = await findExternalRef(tx, { channelId: call.channel.id, kind, parentId, externalId });
  if (ref === undefined) throw notFound(kind);
  return ref.targetId;
}

/** The same for reading, outside of any unit: committed rows, one statement. Errors: not_found. */
export async function readProvider(call: PrmCall, input: Input): Promise<Tenant> {
  const { registry } = call.ports.readers;
  const { tenantId } = account(call);
  const tenant =
    tenantId === null
      ? await registry.provider(call.channel.id, need(input, 'spAccountId'))
      : await call.ports.lookups.tenants.find(tenantId);
  if (!tenant || tenant.terminatedAt !== null) throw notFound('tenant');
  return tenant;
}

export async function readApplication(call: PrmCall, input: Input): Promise<Application> {
  const id = need(input, 'appAccountId');
  const application = await owned(call, input, (providerId) =>
    call.ports.readers.registry.application(call.channel.id, providerId, id),
  );
  if (application === null) throw notFound('application');
  return application;
}

export async function readInstance(call: PrmCall, input: Input): Promise<Instance> {
  const [applicationId, id] = [need(input, 'appAccountId'), need(input, 'appInstGroupId')];
  const instance = await owned(call, input, (providerId) =>
    call.ports.readers.registry.instance(call.channel.id, providerId, applicationId, id),
  );
  if (instance === null) throw notFound('instance');
  return instance;
}

/** The lifecycle of the object a message names, in the leanest way there is. Errors: not_found. */
export async function readState(
  call: PrmCall,
  kind: 'tenant' | 'application' | 'instance',
  input: Input,
): Promise<Lifecycle> {
  const below: [application?: string, instance?: string] = [];
  if (kind !== 'tenant') below.push(need(input, 'appAccountId'));
  if (kind === 'instance') below.push(need(input, 'appInstGroupId'));
  const state = await owned(call, input, (providerId) =>
    call.ports.readers.registry.state(call.channel.id, [providerId, ...below]),
  );
  if (state === null) throw notFound(kind);
  return state.lifecycle;
}

/** The calling provider's id on the channel, as the registry has it. */
export async function ownProviderId(call: PrmCall): Promise<string> {
  const { tenantId } = account(call);
  const id = tenantId === null ? null : await call.ports.readers.registry.providerIdOf(call.channel.id, tenantId);
  if (id === null) throw notFound('tenant');
  return id;
}

/**
 * A provider's account is named like the provider, unless somebody configured it otherwise: the name is tried first, what is found
 * under it counts only when it is the caller's, and only then the id is asked for.
 */
async function owned<T extends object>(
  call: PrmCall,
  input: Input,
  read: (providerId: string) => Promise<T | null>,
): Promise<T | null> {
  const caller = account(call);
  if (caller.tenantId === null) return read(need(input, 'spAccountId'));
  const isOwn = (row: T): boolean => ownerOf(row) === caller.tenantId;
  const tried = await read(caller.username);
  if (tried !== null && isOwn(tried)) return tried;
  const ownId = await ownProviderId(call);
  return ownId === caller.username ? null : read(ownId);
}

function ownerOf(row: object): string {
  return (row as { ownerTenantId?: string; tenantId?: string }).ownerTenantId ?? (row as { tenantId: string }).tenantId;
}
