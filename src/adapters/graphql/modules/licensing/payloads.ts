import { createUnionType, Int, ObjectType } from 'type-graphql';
import type { License, LicensePool } from '../../../../core/licensing/index.js';
import { Optional, Required } from '../input-fields.js';
import { HeldLicenseType, LicensePoolType } from './types.js';

@ObjectType('LicensePoolPayload', { simpleResolvers: true })
export class LicensePoolPayload {
  @Optional(() => LicensePoolType, 'The pool now; null when it is out of your sight.')
  licensePool!: LicensePool | null;
}

@ObjectType('LicensePayload', { simpleResolvers: true })
export class LicensePayload {
  @Optional(() => HeldLicenseType, 'The seat now; null when it is out of your sight.')
  license!: License | null;
}

@ObjectType('AssignLicenseSuccess', { simpleResolvers: true })
export class AssignLicenseSuccess {
  @Optional(() => HeldLicenseType, 'The seat; the one held before when there was one.')
  license!: License | null;
}

@ObjectType('PoolExhausted', { description: 'No seat is free: nothing was changed.', simpleResolvers: true })
export class PoolExhausted {
  @Required(() => String, 'For people.')
  message!: string;

  @Required(() => String, 'The kind of seat, by code.')
  licenseType!: string;

  @Required(() => Int, 'Seats bought.')
  quantity!: number;

  @Required(() => Int, 'Seats taken.')
  used!: number;

  /** Shown as `tenant`. */
  tenantId?: string;
}

@ObjectType('OtherLicenseHeld', {
  description:
    'The person holds a seat of another kind of the same application, and may hold only one there: nothing was changed.',
  simpleResolvers: true,
})
export class OtherLicenseHeld {
  @Required(() => String, 'For people.')
  message!: string;

  @Required(() => String, 'The application, by key.')
  application!: string;

  @Required(() => String, 'The kind of seat asked for, by code.')
  licenseType!: string;

  @Required(() => String, 'The kind of seat held, by code.')
  held!: string;
}

@ObjectType('SubPurchaseSuccess', {
  description: 'The quantity has moved between this pool and the one above.',
  simpleResolvers: true,
})
export class SubPurchaseSuccess {
  @Optional(() => LicensePoolType, 'The tenant’s pool now; null when it is out of your sight.')
  licensePool!: LicensePool | null;
}

@ObjectType('BoughtElsewhere', {
  description: 'The pool’s quantity is not from the tenant above: nothing was changed.',
  simpleResolvers: true,
})
export class BoughtElsewhere {
  @Required(() => String, 'For people.')
  message!: string;
}

@ObjectType('QuantityBelowUse', {
  description: 'More of it is in use than would be left: nothing was changed.',
  simpleResolvers: true,
})
export class QuantityBelowUse {
  @Required(() => String, 'For people.')
  message!: string;

  @Required(() => String, 'The kind of seat, by code.')
  licenseType!: string;

  @Required(() => Int, 'Seats that would be left.')
  quantity!: number;

  @Required(() => Int, 'Seats in use.')
  used!: number;
}

@ObjectType('NotAMember', {
  description: 'The person has no place in the tenant or instance: nothing was changed.',
  simpleResolvers: true,
})
export class NotAMember {
  @Required(() => String, 'For people.')
  message!: string;
}

@ObjectType('NothingBought', {
  description: 'Neither the tenant nor one above has bought seats of this kind: nothing was changed.',
  simpleResolvers: true,
})
export class NothingBought {
  @Required(() => String, 'For people.')
  message!: string;

  @Required(() => String, 'The kind of seat, by code.')
  licenseType!: string;
}

export const AssignLicenseResult = createUnionType({
  name: 'AssignLicenseResult',
  description: 'The seat, or why there is none; every other refusal is an error.',
  types: () => [AssignLicenseSuccess, PoolExhausted, NotAMember, NothingBought, OtherLicenseHeld] as const,
});

export const SubPurchaseResult = createUnionType({
  name: 'SubPurchaseResult',
  description: 'The pool, or why it has no more than before; every other refusal is an error.',
  types: () => [SubPurchaseSuccess, PoolExhausted, BoughtElsewhere] as const,
});

export const ReturnSubPurchaseResult = createUnionType({
  name: 'ReturnSubPurchaseResult',
  description: 'The pool, or why nothing was given back; every other refusal is an error.',
  types: () => [SubPurchaseSuccess, QuantityBelowUse, NothingBought, BoughtElsewhere] as const,
});
