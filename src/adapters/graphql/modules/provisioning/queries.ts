import { Arg, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { LicenseUsage, Subscription } from '../../../../core/billing/index.js';
import type { Approval, Instance } from '../../../../core/provisioning/index.js';
import { type LifecycleState, stateOf } from '../../../../core/shared/lifecycle.js';
import { DateTime } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { SubscriptionType } from '../billing/types.js';
import { LicenseUsageType } from '../licensing/types.js';
import { LifecycleStates } from '../lifecycle.js';
import { lists } from '../lists.js';
import { openApprovalMeaning, openApprovalOf } from '../open-approval.js';
import { operatorReferenceFor, operatorReferenceMeaning } from '../operator-reference.js';
import { relationsOf, rootsOf } from '../reading.js';
import { ApprovalFields, parametersIn } from './approval-fields.js';
import { hasTrafficPassword } from './traffic-password.js';
import { ApprovalType, InstanceType, ParameterType, UsabilityType } from './types.js';
import { usabilityIn } from './usability.js';
import { usageOf } from './usage.js';

@Resolver(() => InstanceType)
class InstanceFields {
  @FieldResolver(() => LifecycleStates, { description: 'Where it stands by itself; what is above it may stop it too.' })
  state(@Root() instance: Instance): LifecycleState {
    return stateOf(instance);
  }

  @FieldResolver(() => [ParameterType], { description: 'How the marketplace set it up.' })
  parameters(@Root() instance: Instance): ParameterType[] {
    return parametersIn(instance.parameters);
  }

  @FieldResolver(() => String, { nullable: true, description: operatorReferenceMeaning })
  operatorReference(@Root() instance: Instance, @Ctx() { actor }: MercatorContext): string | null {
    return operatorReferenceFor(actor, instance);
  }

  @FieldResolver(() => ApprovalType, { nullable: true, description: openApprovalMeaning })
  openApproval(@Root() instance: Instance, @Ctx() context: MercatorContext): Promise<Approval | null> {
    return openApprovalOf(instance, context);
  }

  @FieldResolver(() => Boolean, { description: 'It has a password to send traffic with.' })
  hasTrafficPassword(@Root() { id }: Instance, @Ctx() context: MercatorContext): Promise<boolean> {
    return hasTrafficPassword(id, context);
  }

  @FieldResolver(() => SubscriptionType, {
    nullable: true,
    description: 'The newest agreement about it; null without one.',
  })
  async subscription(@Root() { id }: Instance, @Ctx() context: MercatorContext): Promise<Subscription | null> {
    const newest = { first: 1, orderBy: { field: 'id', direction: 'DESC' } } as const;
    const page = await context.loaders.children(context.services.readers.subscriptions, 'instanceId', id, newest);
    return page.nodes[0] ?? null;
  }

  @FieldResolver(() => [LicenseUsageType], { description: 'Seats bought, held and billable, by license type.' })
  usage(
    @Root() { id }: Instance,
    @Arg('at', () => DateTime, { nullable: true, description: 'The moment asked about; now without it.' })
    at: string | null | undefined,
    @Ctx() context: MercatorContext,
  ): Promise<readonly LicenseUsage[]> {
    return usageOf(id, at ?? context.services.clock.now(), context);
  }

  @FieldResolver(() => UsabilityType, {
    nullable: true,
    description: 'Whether a person may use it now, and if not, why; null when you may not see the person.',
  })
  usability(
    @Root() instance: Instance,
    @Arg('userId', () => ID, { description: 'The person.' }) userId: string,
    @Ctx() context: MercatorContext,
  ): Promise<UsabilityType | null> {
    return usabilityIn(instance, userId, context);
  }
}

export const provisioningQueries = [
  rootsOf('instance', 'instances', lists.instances, 'Applications provisioned for tenants'),
  rootsOf('approval', 'approvals', lists.approvals, 'Changes that wait or waited for an operator'),
  InstanceFields,
  ApprovalFields,
  relationsOf<Instance>(InstanceType, {
    one: {
      tenant: [lists.tenants, (instance) => instance.tenantId, 'Whose it is.'],
      application: [lists.applications, (instance) => instance.applicationId, 'What is provisioned.'],
      channel: [
        lists.channels,
        (instance) => instance.channelId,
        'The channel that manages it; null for the hub’s own.',
      ],
    },
    many: {
      subscriptions: [lists.subscriptions, 'instanceId', 'All agreements about it.'],
      charges: [lists.charges, 'instanceId', 'What was and is to be billed for it.'],
      licensePools: [lists.licensePools, 'instanceId', 'Quantities bought for it alone.'],
      licenses: [lists.licenses, 'instanceId', 'Seats of it that are or were held.'],
      memberships: [lists.memberships, 'instanceId', 'People a marketplace put in it.'],
      externalRefs: [lists.externalRefs, 'targetId', 'The ids channels have for it.'],
      approvals: [lists.approvals, 'objectId', 'Changes of it that wait or waited for an operator.'],
      serviceLevelAgreements: [
        lists.serviceLevelAgreements,
        'targetId',
        'Agreements for it alone; while there is one its deletion cannot be asked for.',
      ],
      sessions: [lists.sessions, 'instanceId', 'Who is or was signed in to it by a marketplace.'],
      clients: [lists.clients, 'instanceId', 'OAuth clients that stand for it.'],
      alarms: [lists.alarms, 'objectId', 'What operators should see of it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<Approval>(ApprovalType, {
    one: {
      tenant: [lists.tenants, (approval) => approval.tenantId, 'Whom it concerns.'],
      channel: [
        lists.channels,
        (approval) => approval.channelId,
        'The channel it came through; null for the hub’s own.',
      ],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
    node: { object: [(approval) => approval.objectId, 'What it is about: a tenant, an application or an instance.'] },
  }),
];
