import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ServiceLevelAgreement, ServiceLevelGroup } from '../../../../core/servicelevels/index.js';
import type { Property } from '../../../../core/shared/properties.js';
import { isOperatorOf } from '../../../../core/tenancy/index.js';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { PropertyType } from '../properties.js';
import { relationsOf, rootsOf } from '../reading.js';
import { ServiceLevelAgreementType, ServiceLevelGroupType } from './types.js';

@Resolver(() => ServiceLevelGroupType)
class ServiceLevelGroupFields {
  @FieldResolver(() => [PropertyType], {
    nullable: true,
    description: 'The operator’s own name-value pairs; null for everybody else.',
  })
  properties(@Root() group: ServiceLevelGroup, @Ctx() { actor }: MercatorContext): readonly Property[] | null {
    return isOperatorOf(actor, 'read', group.channelId) ? group.properties : null;
  }
}

export const serviceLevelQueries = [
  rootsOf(
    'serviceLevelGroup',
    'serviceLevelGroups',
    lists.serviceLevelGroups,
    'Groups that share agreements on service levels',
  ),
  rootsOf(
    'serviceLevelAgreement',
    'serviceLevelAgreements',
    lists.serviceLevelAgreements,
    'Agreements on service levels',
  ),
  ServiceLevelGroupFields,
  relationsOf<ServiceLevelGroup>(ServiceLevelGroupType, {
    one: {
      channel: [lists.channels, (group) => group.channelId, 'The channel that manages it; null for the hub’s own.'],
    },
    many: {
      agreements: [lists.serviceLevelAgreements, 'targetId', 'What holds for its members.'],
      tenants: [lists.tenants, 'serviceLevelGroupId', 'The tenants in it, ended ones too.'],
      applications: [lists.applications, 'serviceLevelGroupId', 'The applications in it, ended ones too.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<ServiceLevelAgreement>(ServiceLevelAgreementType, {
    one: {
      channel: [
        lists.channels,
        (agreement) => agreement.channelId,
        'The channel that manages it; null for the hub’s own.',
      ],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
    node: { target: [(agreement) => agreement.targetId, 'What it hangs on: a group or an instance.'] },
  }),
];
