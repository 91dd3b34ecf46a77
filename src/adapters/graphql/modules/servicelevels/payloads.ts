import { ObjectType } from 'type-graphql';
import type { Application } from '../../../../core/catalog/index.js';
import type { ServiceLevelAgreement, ServiceLevelGroup } from '../../../../core/servicelevels/index.js';
import type { Tenant } from '../../../../core/tenancy/index.js';
import { ApplicationType } from '../catalog/types.js';
import { Optional } from '../input-fields.js';
import { TenantType } from '../tenancy/types.js';
import { ServiceLevelAgreementType, ServiceLevelGroupType } from './types.js';

@ObjectType('ServiceLevelGroupPayload', { simpleResolvers: true })
export class ServiceLevelGroupPayload {
  @Optional(() => ServiceLevelGroupType, 'The group now; null when it is out of your sight.')
  serviceLevelGroup!: ServiceLevelGroup | null;
}

@ObjectType('ServiceLevelAgreementPayload', { simpleResolvers: true })
export class ServiceLevelAgreementPayload {
  @Optional(() => ServiceLevelAgreementType, 'The agreement now; null when it is out of your sight.')
  serviceLevelAgreement!: ServiceLevelAgreement | null;
}

@ObjectType('MoveToServiceLevelGroupPayload', { simpleResolvers: true })
export class MoveToServiceLevelGroupPayload {
  @Optional(() => TenantType, 'The tenant now; null when an application was moved.')
  tenant!: Tenant | null;

  @Optional(() => ApplicationType, 'The application now; null when a tenant was moved.')
  application!: Application | null;
}
