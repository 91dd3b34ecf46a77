import { eraseProfiles } from '../../../../core/identity/index.js';
import {
  askApproval,
  configureInstance,
  decideApproval,
  disableObject,
  enableObject,
  provisionInstance,
  terminateObject,
} from '../../../../core/provisioning/index.js';
import { given, shown, shownAll, TargetInput } from '../command.js';
import { HoldInput, targetOf } from '../lifecycle-inputs.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { propertiesOf } from '../properties.js';
import {
  ConfigureInstanceInput,
  DecideApprovalInput,
  EraseProfilesInput,
  newParametersOf,
  ProvisionInstanceInput,
  parametersOf,
  proposalOf,
  RequestApprovalInput,
} from './inputs.js';
import { ApprovalPayload, EraseProfilesPayload, InstancePayload, ProvisionInstancePayload } from './payloads.js';

const payload = async ({ context }: Call, id: string): Promise<InstancePayload> => ({
  instance: await shown(context, 'instances', id),
});

type Move = typeof disableObject | typeof terminateObject;
const move = (how: Move) => async (input: HoldInput, call: Call) =>
  payload(call, await call.change(async (tx) => (await how(tx, targetOf('instance', input))).row));

export const ProvisioningMutations = mutationsOf('provisioning', {
  provisionInstance: mutation(
    ProvisionInstanceInput,
    ProvisionInstancePayload,
    'A purchase: the instance, its subscription and its seats, all or nothing.',
    async ({ properties, ...input }, call) => {
      const { parameters, ...rest } = given(input, {
        name: undefined,
        accessUrl: '',
        description: '',
        parameters: [],
        planId: null,
        trialEndsAt: null,
        licenses: [],
      });
      const instance = { ...rest, ...propertiesOf(properties), parameters: newParametersOf(parameters ?? []) };
      const made = await call.run(async (tx) => {
        const done = await provisionInstance(tx, instance);
        const poolIds = done.pools.map((pool) => pool.id);
        return { id: done.instance.id, subscriptionId: done.subscription?.id ?? null, poolIds };
      });
      return {
        ...(await payload(call, made.id)),
        subscription: await shown(call.context, 'subscriptions', made.subscriptionId),
        licensePools: await shownAll(call.context, 'licensePools', made.poolIds),
      };
    },
  ),
  configureInstance: mutation(
    ConfigureInstanceInput,
    InstancePayload,
    'Sets an instance up, or changes its settings.',
    async ({ properties, ...input }, call) => {
      const { parameters, ...rest } = given(input, { name: '', accessUrl: '', description: '' });
      const settings = parameters === undefined ? {} : { parameters: parametersOf(parameters) };
      const change = { ...rest, ...propertiesOf(properties), ...settings };
      return payload(call, await call.change((tx) => configureInstance(tx, change)));
    },
  ),
  disableInstance: mutation(
    HoldInput,
    InstancePayload,
    'Stops an instance: sessions end, billing stops.',
    move(disableObject),
  ),
  enableInstance: mutation(
    HoldInput,
    InstancePayload,
    'Lifts the holds you may lift; WRONG_STATE when others remain.',
    move(enableObject),
  ),
  terminateInstance: mutation(
    TargetInput,
    InstancePayload,
    'Ends an instance for good: seats go back, members go, its subscription ends.',
    move(terminateObject),
  ),
  requestApproval: mutation(
    RequestApprovalInput,
    ApprovalPayload,
    'Asks an operator for a change of what is ACTIVE, or for the end of what is INACTIVE and empty; until the answer its data stay as they are.',
    async (input, call) => {
      const { id, kind: approval, objectKind: kind, expectedVersion } = input;
      const asked = { id, kind, approval, expectedVersion, proposed: proposalOf(input) };
      return { approval: await shown(call.context, 'approvals', await call.change((tx) => askApproval(tx, asked))) };
    },
  ),
  decideApproval: mutation(
    DecideApprovalInput,
    ApprovalPayload,
    'An operator’s answer; `reason` is kept with it. A second one is refused with WRONG_STATE.',
    async (input, call) => {
      const none = { operatorReference: undefined, serviceLevelGroupId: undefined };
      const answer = { ...given(input, none), reason: input.reason ?? '' };
      return {
        approval: await shown(call.context, 'approvals', await call.change((tx) => decideApproval(tx, answer))),
      };
    },
  ),
  eraseProfiles: mutation(
    EraseProfilesInput,
    EraseProfilesPayload,
    'Empties what the members of an instance, former ones too, are known by. The journal is erased on its own.',
    ({ instanceId }, call) => call.run(async (tx) => ({ erased: await eraseProfiles(tx, { instanceId }) })),
  ),
});
