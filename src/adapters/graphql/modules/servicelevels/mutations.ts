import {
  createGroup,
  moveToGroup,
  removeAgreement,
  setAgreement,
  terminateGroup,
  updateGroup,
} from '../../../../core/servicelevels/index.js';
import { invalid } from '../../../../core/shared/errors.js';
import { kindOfId } from '../../../../core/shared/ids.js';
import { findXmlFault } from '../../../../platform/xml.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { propertiesOf } from '../properties.js';
import {
  CreateServiceLevelGroupInput,
  MoveToServiceLevelGroupInput,
  SetServiceLevelAgreementInput,
  UpdateServiceLevelGroupInput,
} from './inputs.js';
import { MoveToServiceLevelGroupPayload, ServiceLevelAgreementPayload, ServiceLevelGroupPayload } from './payloads.js';

const groupNow = async ({ context }: Call, id: string): Promise<ServiceLevelGroupPayload> => ({
  serviceLevelGroup: await shown(context, 'serviceLevelGroups', id),
});

const agreementNow = async ({ context }: Call, id: string): Promise<ServiceLevelAgreementPayload> => ({
  serviceLevelAgreement: await shown(context, 'serviceLevelAgreements', id),
});

export const ServiceLevelMutations = mutationsOf('servicelevels', {
  createServiceLevelGroup: mutation(
    CreateServiceLevelGroupInput,
    ServiceLevelGroupPayload,
    'Makes a group for tenants or for applications.',
    async ({ properties, document, ...input }, call) => {
      const group = { channelId: '', ...given(input, { channelId: '' }), ...propertiesOf(properties), document };
      return groupNow(call, await call.change((tx) => createGroup(tx, group, findXmlFault)));
    },
  ),
  updateServiceLevelGroup: mutation(
    UpdateServiceLevelGroupInput,
    ServiceLevelGroupPayload,
    'Changes what holds for the members of a group.',
    async ({ properties, document, ...input }, call) => {
      const group = { ...given(input, {}), ...propertiesOf(properties), document };
      return groupNow(call, await call.change((tx) => updateGroup(tx, group, findXmlFault)));
    },
  ),
  deleteServiceLevelGroup: mutation(
    TargetInput,
    ServiceLevelGroupPayload,
    'Ends a group nothing is in, with its agreements.',
    async (input, call) => groupNow(call, await call.change((tx) => terminateGroup(tx, input))),
  ),
  moveToServiceLevelGroup: mutation(
    MoveToServiceLevelGroupInput,
    MoveToServiceLevelGroupPayload,
    'Puts a tenant or an application into a group, out of the one it was in.',
    async ({ id, expectedVersion, groupId }, call) => {
      if (groupId === undefined) throw invalid('groupId', 'must be given; null for none');
      const move = { id, expectedVersion, groupId: groupId ?? '' };
      await call.change(async (tx) => (await moveToGroup(tx, move)).row);
      const isTenant = kindOfId(id) === 'tenant';
      return {
        tenant: await shown(call.context, 'tenants', isTenant ? id : null),
        application: await shown(call.context, 'applications', isTenant ? null : id),
      };
    },
  ),
  setServiceLevelAgreement: mutation(
    SetServiceLevelAgreementInput,
    ServiceLevelAgreementPayload,
    'Makes or replaces the agreement of a type of a group or an instance.',
    async (input, call) => {
      const agreement = given(input, {});
      return agreementNow(call, await call.change((tx) => setAgreement(tx, agreement, findXmlFault)));
    },
  ),
  removeServiceLevelAgreement: mutation(
    TargetInput,
    ServiceLevelAgreementPayload,
    'Ends an agreement.',
    async (input, call) => agreementNow(call, await call.change((tx) => removeAgreement(tx, input))),
  ),
});
