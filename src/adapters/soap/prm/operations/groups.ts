import type { Unit } from '../../../../core/repositories.js';
import {
  agreementOf,
  agreementOfGroup,
  agreementTypes,
  createGroup,
  findGroup,
  type GroupMember,
  groupOf,
  type MemberKind,
  moveToGroup,
  type ServiceLevelGroup,
  terminateGroup,
  updateGroup,
} from '../../../../core/servicelevels/index.js';
import { run } from '../command.js';
import type { Input, Operation, PrmCall } from '../context.js';
import { readProperties, writeProperties } from '../dialect.js';
import { applicationIdOf, need, providerIdOf, readApplication, readProvider } from '../scope.js';

/** What the two kinds of group are called in messages. */
interface Names {
  readonly memberKind: MemberKind;
  readonly idField: string;
  readonly beanField: string;
}
const spNames: Names = { memberKind: 'tenant', idField: 'spGroupId', beanField: 'spGroup' };
const appNames: Names = { memberKind: 'application', idField: 'appGroupId', beanField: 'appGroup' };

const keyOf = (names: Names, input: Input, call: PrmCall) => ({
  channelId: call.channel.id,
  memberKind: names.memberKind,
  key: need(input, names.idField),
});

/** The document is checked by the core; a bean without one means the group has none. */
function beanOf(names: Names, input: Input) {
  const bean = (input[names.beanField] ?? {}) as Input;
  return { document: (bean.sla as string | undefined) ?? null, properties: readProperties(bean) };
}

const list =
  ({ memberKind }: Names): Operation =>
  async (_input, call) => {
    const groups = await call.ports.lookups.serviceLevelGroups.findMany({
      channelId: call.channel.id,
      memberKind,
      liveKey: '0',
    });
    return groups.map(({ key }) => key).sort();
  };

const get =
  (names: Names): Operation =>
  async (input, call) => {
    const group = await findGroup(call.ports.lookups, keyOf(names, input, call));
    const sla = await agreementOfGroup(call.ports.lookups, group, agreementTypes[names.memberKind][0]);
    return { sla: sla ?? undefined, properties: writeProperties(group.properties) };
  };

const create =
  (names: Names): Operation =>
  async (input, call) => {
    const made = { ...keyOf(names, input, call), ...beanOf(names, input) };
    await run(call, (tx) => createGroup(tx, made, call.ports.findXmlFault));
  };

const update =
  (names: Names): Operation =>
  async (input, call) => {
    const change = beanOf(names, input);
    await run(call, async (tx) => {
      const { id } = await findGroup(tx, keyOf(names, input, call));
      return updateGroup(tx, { id, ...change }, call.ports.findXmlFault);
    });
  };

const remove =
  (names: Names): Operation =>
  async (input, call) => {
    await run(call, async (tx) => terminateGroup(tx, { id: (await findGroup(tx, keyOf(names, input, call))).id }));
  };

const move =
  (names: Names, memberIdOf: (tx: Unit, call: PrmCall, input: Input) => Promise<string>): Operation =>
  async (input, call) => {
    await run(call, async (tx) => {
      const id = await memberIdOf(tx, call, input);
      const { id: groupId } = await findGroup(tx, keyOf(names, input, call));
      return moveToGroup(tx, { id, groupId });
    });
  };

const provider = async (call: PrmCall, input: Input): Promise<GroupMember> => ({
  kind: 'tenant',
  row: await readProvider(call, input),
});
const application = async (call: PrmCall, input: Input): Promise<GroupMember> => ({
  kind: 'application',
  row: await readApplication(call, input),
});
type ReadMember = typeof provider;

const groupKey =
  (member: ReadMember): Operation =>
  async (input, call) => {
    const group: ServiceLevelGroup = await groupOf(call.ports.lookups, await member(call, input));
    return group.key;
  };

/** Null when the member is in no group, or its group has no such document. */
const sla =
  (member: ReadMember, type?: string): Operation =>
  async (input, call) =>
    (await agreementOf(call.ports.lookups, await member(call, input), type ?? need(input, 'slaType'))) ?? undefined;

export const forOperators = {
  listSpGroups: list(spNames),
  getSpGroup: get(spNames),
  createSpGroup: create(spNames),
  updateSpGroup: update(spNames),
  deleteSpGroup: remove(spNames),
  moveSpToGroup: move({ ...spNames, idField: 'SpGroupId' }, providerIdOf),
  getSpGroupId: groupKey(provider),
  listAppGroups: list(appNames),
  getAppGroup: get(appNames),
  createAppGroup: create(appNames),
  updateAppGroup: update(appNames),
  deleteAppGroup: remove(appNames),
  moveAppAccountToGroup: move(appNames, applicationIdOf),
  getAppGroupId: groupKey(application),
};

/** Since 5.1 the operations without a type are those with the default one (PRM guide 5.1, tables 6-23 and 6-25). */
export const forProviders = {
  getSpAccountSla: sla(provider, agreementTypes.tenant[0]),
  getSpAccountSlaByType: sla(provider),
  getAppAccountSla: sla(application, agreementTypes.application[0]),
  getAppAccountSlaByType: sla(application),
};
