import { bindExternalRef, containerOf } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { createTenant, type TenantKind } from '../../../../core/tenancy/index.js';
import type { KakapoCall } from '../context.js';

export interface NewTenant {
  readonly kind: TenantKind;
  /** '' for a root. */
  readonly parentId: string;
  readonly externalId: string;
  readonly name: string;
  readonly systemProviderId?: string;
}

/** Makes a level of the hierarchy; a provider's id is unique in the channel, the others' under the level above. Answers our id. */
export async function addTenant(tx: Unit, call: KakapoCall, input: NewTenant): Promise<string> {
  const { kind, parentId, externalId, name, systemProviderId } = input;
  const channelId = call.channel.id;
  const properties = systemProviderId === undefined ? [] : [{ name: 'systemProviderId', value: systemProviderId }];
  const tenant = await createTenant(tx, { kind, name, parentId, channelId, properties });
  const container = await containerOf(tx, { protocol: 'kakapo' }, tenant);
  await bindExternalRef(tx, { channelId, kind: 'tenant', parentId: container, externalId, targetId: tenant.id });
  return tenant.id;
}
