import type { CatalogRepositories } from '../catalog/index.js';
import type { MarketplaceRepositories } from '../marketplace/index.js';
import type { ProvisioningRepositories } from '../provisioning/index.js';
import type { Repository } from '../shared/repository.js';
import type { Tx } from '../shared/unit-of-work.js';
import type { TenancyRepositories } from '../tenancy/index.js';
import type { ServiceLevelAgreement, ServiceLevelGroup, XmlFault } from './model.js';

export interface ServiceLevelRepositories {
  readonly serviceLevelGroups: Repository<ServiceLevelGroup>;
  readonly serviceLevelAgreements: Repository<ServiceLevelAgreement>;
}

/** What commands on groups and agreements need. */
export type ServiceLevelUnit = Tx &
  ServiceLevelRepositories &
  TenancyRepositories &
  CatalogRepositories &
  ProvisioningRepositories &
  MarketplaceRepositories;

type Lookup<T extends { id: string; version: number }> = Pick<Repository<T>, 'find' | 'findOne' | 'findMany'>;

/** Where groups and agreements are read: a unit, or committed rows outside of one. */
export interface ServiceLevelLookups {
  readonly serviceLevelGroups: Lookup<ServiceLevelGroup>;
  readonly serviceLevelAgreements: Lookup<ServiceLevelAgreement>;
}

/** Looks for what keeps a text from being one well-formed XML 1.0 document with bound namespaces and no DOCTYPE; null = nothing. */
export type FindXmlFault = (text: string) => XmlFault | null;
