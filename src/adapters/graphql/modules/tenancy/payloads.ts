import { ObjectType } from 'type-graphql';
import type { Tenant } from '../../../../core/tenancy/index.js';
import { Optional } from '../input-fields.js';
import { TenantType } from './types.js';

@ObjectType('TenantPayload', { simpleResolvers: true })
export class TenantPayload {
  @Optional(() => TenantType, 'The tenant now; null when it is out of your sight.')
  tenant!: Tenant | null;
}
