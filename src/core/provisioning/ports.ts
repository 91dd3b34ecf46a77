import type { Repository } from '../shared/repository.js';
import type { Approval, Instance, TrafficCredential } from './model.js';

export interface ProvisioningRepositories {
  readonly instances: Repository<Instance>;
  readonly approvals: Repository<Approval>;
  readonly trafficCredentials: Repository<TrafficCredential>;
}
