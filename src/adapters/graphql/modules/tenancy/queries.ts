import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Approval } from '../../../../core/provisioning/index.js';
import { type LifecycleState, stateOf } from '../../../../core/shared/lifecycle.js';
import type { Tenant } from '../../../../core/tenancy/index.js';
import type { MercatorContext } from '../../services.js';
import { LifecycleStates } from '../lifecycle.js';
import { lists } from '../lists.js';
import { openApprovalMeaning, openApprovalOf } from '../open-approval.js';
import { operatorReferenceFor, operatorReferenceMeaning } from '../operator-reference.js';
import { ApprovalType } from '../provisioning/types.js';
import { relationsOf, rootsOf } from '../reading.js';
import { TenantType } from './types.js';

@Resolver(() => TenantType)
class TenantFields {
  @FieldResolver(() => LifecycleStates, { description: 'Where it stands by itself; what is above it may stop it too.' })
  state(@Root() tenant: Tenant): LifecycleState {
    return stateOf(tenant);
  }

  @FieldResolver(() => String, { nullable: true, description: operatorReferenceMeaning })
  operatorReference(@Root() tenant: Tenant, @Ctx() { actor }: MercatorContext): string | null {
    return operatorReferenceFor(actor, tenant);
  }

  @FieldResolver(() => ApprovalType, { nullable: true, description: openApprovalMeaning })
  openApproval(@Root() tenant: Tenant, @Ctx() context: MercatorContext): Promise<Approval | null> {
    return openApprovalOf(tenant, context);
  }
}

export const tenancyQueries = [
  rootsOf('tenant', 'tenants', lists.tenants, 'Customer organisations'),
  TenantFields,
  relationsOf<Tenant>(TenantType, {
    one: {
      parent: [
        lists.tenants,
        (tenant) => tenant.parentId,
        'The tenant above; null for the top of a tree, and for what you may not see.',
      ],
      channel: [lists.channels, (tenant) => tenant.channelId, 'The channel that manages it; null for the hub’s own.'],
      serviceLevelGroup: [
        lists.serviceLevelGroups,
        (tenant) => tenant.serviceLevelGroupId,
        'The group whose agreements hold for it; null when it is in none you may see.',
      ],
    },
    many: {
      children: [lists.tenants, 'parentId', 'The tenants right below.'],
      users: [lists.tenantUsers, 'tenantId', 'The people who are members now, each once.'],
      memberships: [lists.memberships, 'tenantId', 'Who is or was a member, with which roles.'],
      instances: [lists.instances, 'tenantId', 'What is provisioned for it.'],
      applications: [lists.applications, 'ownerTenantId', 'The applications it owns.'],
      licensePools: [lists.licensePools, 'tenantId', 'Quantities bought at this level of the tree.'],
      licenses: [lists.licenses, 'tenantId', 'Seats held in it.'],
      subscriptions: [lists.subscriptions, 'tenantId', 'Its commercial agreements.'],
      charges: [lists.charges, 'tenantId', 'What was and is to be billed for it.'],
      approvals: [
        lists.approvals,
        'tenantId',
        'Changes of it and of what belongs to it that wait or waited for an operator.',
      ],
      externalRefs: [lists.externalRefs, 'targetId', 'The ids channels have for it.'],
      channelRecords: [lists.channelRecords, 'tenantId', 'What its channel has and the model has no word for.'],
      webhooks: [lists.webhooks, 'tenantId', 'Addresses told about its events.'],
      identityProviders: [lists.identityProviders, 'tenantId', 'Its own providers to sign in with.'],
      clients: [lists.clients, 'tenantId', 'OAuth clients that act for it.'],
      serviceAccounts: [lists.serviceAccounts, 'tenantId', 'Machine credentials that act for it.'],
      journal: [lists.journal, 'tenantId', 'What happened to it and to everything that belongs to it.'],
    },
  }),
];
