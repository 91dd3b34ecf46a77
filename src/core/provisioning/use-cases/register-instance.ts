import { bindExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { checkNotTerminated, found, wrongState } from '../../shared/checks.js';
import { notFound } from '../../shared/errors.js';
import { isLive } from '../../shared/lifecycle.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkOptionalText, checkProse } from '../../shared/text.js';
import { requireReach } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { freeEnded } from './free-ended.js';
import { openRegistration, registered } from './open-registration.js';
import { insertTrafficCredential } from './traffic-credential.js';

export interface RegisterInstanceInput {
  /** An application some provider owns. */
  readonly applicationId: string;
  /** The channel's id of it, unique below its application. */
  readonly externalId: string;
  /** Absent or '': the external id. */
  readonly name?: string;
  readonly description?: string;
  readonly properties?: readonly Property[];
  /** argon2id of the password it will send traffic with. */
  readonly passwordHash: string;
}

/**
 * A provider (or the operator for it) asks for an instance of its own application that sends traffic: REGISTERED until an
 * operator answers. Errors: not_found, forbidden, wrong_state (the application is not active), invalid_value, external_id_taken.
 */
export async function registerInstance(tx: Unit, input: RegisterInstanceInput): Promise<Instance> {
  const seen = found('application', await tx.applications.find(input.applicationId));
  if (seen.ownerTenantId === '') throw notFound('application');
  await tx.tenants.rely(seen.ownerTenantId);
  const application = found('application', await tx.applications.rely(seen.id));
  const place = { tenantId: application.ownerTenantId, channelId: application.channelId };
  await requireReach(tx, 'write', 'application', place);
  checkNotTerminated('application', application);
  if (!isLive(application)) throw wrongState('application', application, 'registering an instance');
  const instance = await tx.instances.insert({
    ...registered,
    id: tx.ids.next('instance'),
    createdAt: tx.now,
    key: null,
    tenantId: application.ownerTenantId,
    applicationId: application.id,
    channelId: application.channelId,
    name: checkOptionalText('name', input.name || input.externalId),
    accessUrl: '',
    parameters: {},
    configuredAt: null,
    description: checkProse('description', input.description ?? '', 2_000),
    properties: checkProperties(input.properties ?? []),
    operatorReference: '',
  });
  const { channelId } = application;
  if (channelId !== '') {
    const { externalId } = input;
    const key = { channelId, kind: 'instance', parentId: application.id, externalId } as const;
    await freeEnded(tx, key);
    await bindExternalRef(tx, { ...key, targetId: instance.id });
  }
  await insertTrafficCredential(tx, instance, input.passwordHash);
  await openRegistration(tx, { kind: 'instance', row: instance });
  return instance;
}
