import type { Repository } from '../shared/repository.js';
import type { Application, LicenseType, Plan } from './model.js';

export interface CatalogRepositories {
  readonly applications: Repository<Application>;
  readonly licenseTypes: Repository<LicenseType>;
  readonly plans: Repository<Plan>;
}
