import type { Tenant } from '../../../core/tenancy/index.js';

/**
 * BroadWorks resellers are enterprises or service providers. No operation says which: a service provider has the property
 * `resellerType` with the value `serviceProvider`, everything else is an enterprise.
 */
export function isEnterprise(reseller: Pick<Tenant, 'properties'> | undefined): boolean {
  return !reseller?.properties.some(({ name, value }) => name === 'resellerType' && value === 'serviceProvider');
}
