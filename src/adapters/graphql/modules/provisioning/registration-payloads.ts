import { ObjectType } from 'type-graphql';
import type { Application } from '../../../../core/catalog/index.js';
import type { Instance } from '../../../../core/provisioning/index.js';
import type { Tenant } from '../../../../core/tenancy/index.js';
import { ApplicationType } from '../catalog/types.js';
import { Optional } from '../input-fields.js';
import { TenantType } from '../tenancy/types.js';
import { ApprovalPayload } from './payloads.js';
import { InstanceType } from './types.js';

@ObjectType('RegisteredProviderPayload', { simpleResolvers: true })
export class RegisteredProviderPayload extends ApprovalPayload {
  @Optional(() => TenantType, 'The provider, REGISTERED; null when it is out of your sight.')
  tenant!: Tenant | null;
}

@ObjectType('RegisteredApplicationPayload', { simpleResolvers: true })
export class RegisteredApplicationPayload extends ApprovalPayload {
  @Optional(() => ApplicationType, 'The application, REGISTERED; null when it is out of your sight.')
  application!: Application | null;
}

@ObjectType('RegisteredInstancePayload', { simpleResolvers: true })
export class RegisteredInstancePayload extends ApprovalPayload {
  @Optional(() => InstanceType, 'The instance, REGISTERED; null when it is out of your sight.')
  instance!: Instance | null;
}
