import { type Application, insertApplication, relyOnOwner } from '../../catalog/index.js';
import { bindExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { wrongState } from '../../shared/checks.js';
import { isLive } from '../../shared/lifecycle.js';
import type { Property } from '../../shared/properties.js';
import { freeEnded } from './free-ended.js';
import { openRegistration, registered } from './open-registration.js';

export interface RegisterApplicationInput {
  /** The provider it will belong to. */
  readonly tenantId: string;
  /** The channel's id of it, unique below its provider; also its key. */
  readonly externalId: string;
  /** Absent or '': the external id. */
  readonly name?: string;
  readonly description?: string;
  readonly properties?: readonly Property[];
}

/**
 * A provider (or the operator for it) asks for an application: REGISTERED until an operator answers.
 * Errors: not_found, forbidden, wrong_state (the provider is not active), invalid_value, external_id_taken, already_exists.
 */
export async function registerApplication(tx: Unit, input: RegisterApplicationInput): Promise<Application> {
  const owner = await relyOnOwner(tx, input.tenantId);
  if (!isLive(owner)) throw wrongState('tenant', owner, 'registering an application');
  const application = await insertApplication(
    tx,
    {
      ownerTenantId: owner.id,
      channelId: owner.channelId,
      key: input.externalId,
      name: input.name || input.externalId,
      ...(input.description === undefined ? {} : { description: input.description }),
      ...(input.properties && { properties: input.properties }),
    },
    registered,
  );
  const { channelId } = owner;
  if (channelId !== '') {
    const { externalId } = input;
    const key = { channelId, kind: 'application', parentId: owner.id, externalId } as const;
    await freeEnded(tx, key);
    await bindExternalRef(tx, { ...key, targetId: application.id });
  }
  await openRegistration(tx, { kind: 'application', row: application });
  return application;
}
