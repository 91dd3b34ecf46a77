import { checkProperties, type Property } from '../../shared/properties.js';
import { checkProse, checkText } from '../../shared/text.js';
import { checkMove } from '../../shared/transitions.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { type ChannelLookup, requireNoApproval, type TenancyRepositories } from '../../tenancy/index.js';
import type { Application } from '../model.js';
import type { CatalogRepositories } from '../ports.js';
import { lockApplication } from './authorize-application.js';
import { checkOptionalUrl } from './define-application.js';

export interface UpdateApplicationInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly name?: string;
  readonly description?: string;
  readonly accessUrl?: string;
  readonly loginUrl?: string;
  readonly logoutUrl?: string;
  /** Replaces all of them. */
  readonly properties?: readonly Property[];
}

/** Changes an application; absent fields stay, '' clears a URL. Errors: as `lockApplication`, invalid_value, wrong_state (a request waits). */
export async function updateApplication(
  tx: Tx & TenancyRepositories & CatalogRepositories & ChannelLookup,
  input: UpdateApplicationInput,
): Promise<Application> {
  const before = await lockApplication(tx, input.id, 'write', input.expectedVersion);
  await requireNoApproval(tx, before.channelId);
  checkMove('application', before, 'update');
  const after = await tx.applications.save(before, {
    ...(input.name === undefined ? {} : { name: checkText('name', input.name) }),
    ...(input.description === undefined ? {} : { description: checkProse('description', input.description, 2_000) }),
    ...(input.accessUrl === undefined ? {} : { accessUrl: checkOptionalUrl('accessUrl', input.accessUrl) }),
    ...(input.loginUrl === undefined ? {} : { loginUrl: checkOptionalUrl('loginUrl', input.loginUrl) }),
    ...(input.logoutUrl === undefined ? {} : { logoutUrl: checkOptionalUrl('logoutUrl', input.logoutUrl) }),
    ...(input.properties === undefined ? {} : { properties: checkProperties(input.properties) }),
  });
  if (after.version === before.version) return after;
  tx.emit({
    type: 'application.updated',
    aggregate: { kind: 'application', id: after.id, version: after.version },
    tenantId: after.ownerTenantId,
    payload: { key: after.key, name: after.name },
  });
  return after;
}
