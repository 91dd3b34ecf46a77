import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { LicenseType } from '../model.js';
import type { CatalogRepositories } from '../ports.js';
import { lockApplication } from './authorize-application.js';

/** Adds a kind of seat to an application, after those it has. Errors: as `lockApplication`, invalid_value, already_exists. */
export async function addLicenseType(
  tx: Tx & TenancyRepositories & CatalogRepositories,
  input: { readonly applicationId: string; readonly code: string; readonly name?: string },
): Promise<LicenseType> {
  const application = await lockApplication(tx, input.applicationId, 'write');
  const position = await tx.licenseTypes.count({ applicationId: application.id });
  return tx.licenseTypes.insert({
    id: tx.ids.next('licenseType'),
    createdAt: tx.now,
    applicationId: application.id,
    code: checkText('code', input.code, 120),
    name: checkText('name', input.name ?? input.code),
    position,
  });
}
