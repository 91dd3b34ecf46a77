import type { Application, LicenseType, Plan } from '../../../core/catalog/index.js';
import type { Unit } from '../../../core/repositories.js';
import { invalid } from '../../../core/shared/errors.js';
import type { LicenceItem } from './messages.js';
import { need, needList } from './messages.js';

/** applicationId is the key of one of the hub's own applications (design 10.5). Errors: code 1. */
export async function needApplication(tx: Unit, key: string | undefined): Promise<Application> {
  const wanted = need('applicationId', key);
  const application = await tx.applications.findOne({ ownerTenantId: '', key: wanted, liveKey: '0' });
  if (!application) throw invalid('applicationId', `"${wanted}" is not known`);
  return application;
}

export async function needPlan(tx: Unit, applicationId: string, key: string | undefined): Promise<Plan> {
  const wanted = need('offerCode', key);
  const plan = await tx.plans.findOne({ applicationId, key: wanted });
  if (!plan) throw invalid('offerCode', `"${wanted}" is not known`);
  return plan;
}

export async function needLicenseType(tx: Unit, applicationId: string, code: string | undefined): Promise<LicenseType> {
  const wanted = need('licenceCode', code);
  const type = await tx.licenseTypes.findOne({ applicationId, code: wanted });
  if (!type) throw invalid('licenceCode', `"${wanted}" is not known`);
  return type;
}

export interface Quantity {
  readonly licenseTypeId: string;
  readonly quantity: number;
}

/** Absolute quantities by license type; a code may be named once. Errors: code 1. */
export async function readQuantities(
  tx: Unit,
  applicationId: string,
  items: readonly LicenceItem[] | undefined,
): Promise<readonly Quantity[]> {
  const quantities = new Map<string, Quantity>();
  for (const item of needList('licences', items)) {
    const { id, code } = await needLicenseType(tx, applicationId, item.licenceCode);
    if (item.quantity === undefined) throw invalid('quantity', `of ${code} is required`);
    if (item.quantity < 0) throw invalid('quantity', `of ${code} must not be negative`);
    if (quantities.has(id)) throw invalid('licences', `name ${code} twice`);
    quantities.set(id, { licenseTypeId: id, quantity: item.quantity });
  }
  return [...quantities.values()];
}

/** The license types of an application in the order they were declared. */
export async function typesInOrder(tx: Unit, applicationId: string): Promise<readonly LicenseType[]> {
  const types = await tx.licenseTypes.findMany({ applicationId });
  return types.sort((a, b) => a.position - b.position);
}
