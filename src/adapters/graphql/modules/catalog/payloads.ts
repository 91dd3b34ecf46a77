import { ObjectType } from 'type-graphql';
import type { Application, LicenseType, Plan } from '../../../../core/catalog/index.js';
import { Optional } from '../input-fields.js';
import { ApplicationType, LicenseTypeType, PlanType } from './types.js';

@ObjectType('ApplicationPayload', { simpleResolvers: true })
export class ApplicationPayload {
  @Optional(() => ApplicationType, 'The application now; null when it is out of your sight.')
  application!: Application | null;
}

@ObjectType('LicenseTypePayload', { simpleResolvers: true })
export class LicenseTypePayload {
  @Optional(() => LicenseTypeType, 'The license type now; null when it is out of your sight.')
  licenseType!: LicenseType | null;
}

@ObjectType('PlanPayload', { simpleResolvers: true })
export class PlanPayload {
  @Optional(() => PlanType, 'The plan now; null when it is out of your sight.')
  plan!: Plan | null;
}
