import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Application, LicenseType, Plan } from '../../../../core/catalog/index.js';
import type { Approval } from '../../../../core/provisioning/index.js';
import { type LifecycleState, stateOf } from '../../../../core/shared/lifecycle.js';
import type { MercatorContext } from '../../services.js';
import { LifecycleStates } from '../lifecycle.js';
import { lists } from '../lists.js';
import { openApprovalMeaning, openApprovalOf } from '../open-approval.js';
import { operatorReferenceFor, operatorReferenceMeaning } from '../operator-reference.js';
import { ApprovalType } from '../provisioning/types.js';
import { relationsOf, rootsOf } from '../reading.js';
import { ApplicationType, LicenseTypeType, MoneyType, PlanType } from './types.js';

@Resolver(() => ApplicationType)
class ApplicationFields {
  @Query(() => ApplicationType, {
    nullable: true,
    description: 'A live application by its natural name; null when there is none you may see.',
  })
  async applicationByKey(
    @Arg('key', () => String, { description: 'Its natural name.' }) key: string,
    @Arg('ownerTenantId', () => ID, {
      nullable: true,
      description: 'The tenant that owns it; the hub’s own without it.',
    })
    ownerTenantId: string | null | undefined,
    @Ctx() { actor, services }: MercatorContext,
  ): Promise<Application | null> {
    const filter = { key: { eq: key }, ownerTenantId: { eq: ownerTenantId ?? '' }, terminatedAt: { eq: null } };
    const page = await services.readers.applications.page(actor, { first: 1, filter });
    return page.nodes[0] ?? null;
  }

  @FieldResolver(() => LifecycleStates, { description: 'Where it stands by itself; its owner may be stopped too.' })
  state(@Root() application: Application): LifecycleState {
    return stateOf(application);
  }

  @FieldResolver(() => String, { nullable: true, description: operatorReferenceMeaning })
  operatorReference(@Root() application: Application, @Ctx() { actor }: MercatorContext): string | null {
    return operatorReferenceFor(actor, application);
  }

  @FieldResolver(() => ApprovalType, { nullable: true, description: openApprovalMeaning })
  openApproval(@Root() application: Application, @Ctx() context: MercatorContext): Promise<Approval | null> {
    return openApprovalOf(application, context);
  }
}

@Resolver(() => PlanType)
class PlanFields {
  @FieldResolver(() => MoneyType, { description: 'For one period, of the subscription or of each seat (`seats`).' })
  price(@Root() plan: Plan): MoneyType {
    return { amount: plan.priceMinor, currency: plan.currency };
  }
}

export const catalogQueries = [
  rootsOf('application', 'applications', lists.applications, 'What is sold'),
  rootsOf('plan', 'plans', lists.plans, 'Prices and periods'),
  rootsOf('licenseType', 'licenseTypes', lists.licenseTypes, 'What seats are called'),
  ApplicationFields,
  PlanFields,
  relationsOf<Application>(ApplicationType, {
    one: {
      ownerTenant: [
        lists.tenants,
        (application) => application.ownerTenantId,
        'The provider it belongs to; null for the hub’s own.',
      ],
      channel: [
        lists.channels,
        (application) => application.channelId,
        'The channel that manages it; null for the hub’s own.',
      ],
      serviceLevelGroup: [
        lists.serviceLevelGroups,
        (application) => application.serviceLevelGroupId,
        'The group whose agreements hold for it; null when it is in none you may see.',
      ],
    },
    many: {
      licenseTypes: [lists.licenseTypes, 'applicationId', 'What a seat of it is called.'],
      plans: [lists.plans, 'applicationId', 'Its prices and periods.'],
      instances: [lists.instances, 'applicationId', 'Where it is provisioned.'],
      clients: [lists.clients, 'applicationId', 'Its OAuth clients.'],
      licensePools: [lists.licensePools, 'applicationId', 'Quantities bought of it.'],
      subscriptions: [lists.subscriptions, 'applicationId', 'Commercial agreements about it.'],
      approvals: [lists.approvals, 'objectId', 'Changes of it that wait or waited for an operator.'],
      externalRefs: [lists.externalRefs, 'targetId', 'The ids channels have for it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<Plan>(PlanType, {
    one: { application: [lists.applications, (plan) => plan.applicationId, 'What it is the price of.'] },
    many: {
      subscriptions: [lists.subscriptions, 'planId', 'Commercial agreements made by it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<LicenseType>(LicenseTypeType, {
    one: { application: [lists.applications, (type) => type.applicationId, 'What it is a seat of.'] },
    many: {
      licensePools: [lists.licensePools, 'licenseTypeId', 'Quantities bought of it.'],
      licenses: [lists.licenses, 'licenseTypeId', 'Seats of it that are or were held.'],
    },
  }),
];
