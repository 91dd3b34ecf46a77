import { expectEqual } from '../../check.js';
import { type Account, idsFor } from '../accounts.js';
import { fieldOf, itemsOf, propertyOf, spelled } from '../beans.js';
import type { PrmContext, PrmScenario } from '../context.js';
import { admitApplication, admitProvider, agreement, idOf, openGroups, type Provider } from '../opening.js';

/** What the two kinds of group are called. */
interface Words {
  readonly of: string;
  /** `SpGroup` in the names of operations. */
  readonly group: 'SpGroup' | 'AppGroup';
  readonly field: 'spGroup' | 'appGroup';
  readonly member: string;
  readonly slaType: string;
  /** Somebody to put into the group. */
  open(context: PrmContext): Promise<{ readonly member: Account; readonly provider: Provider }>;
  move(member: Account, groupId: string, context: PrmContext): readonly [operation: string, input: object];
  readonly ownAgreement: string;
}

async function openMember(context: PrmContext, of: string, wanted: 'provider' | 'application') {
  const groups = await openGroups(context, of);
  const provider = await admitProvider(context, of, groups);
  if (wanted === 'provider') return { provider, member: provider.account };
  return { provider, member: await admitApplication(context, provider, groups) };
}

/** Operator: Creating a Service Provider Group. */
export const createProviderGroup = scenario({
  of: 'pg',
  group: 'SpGroup',
  field: 'spGroup',
  member: 'provider',
  slaType: 'service_provider',
  open: (context) => openMember(context, 'pg', 'provider'),
  move: (member, SpGroupId, { op }) => ['OpService.moveSpToGroup', { ...idsFor(op, member), SpGroupId }],
  ownAgreement: 'SpService.getSpAccountSla',
});

/** Operator: Creating an Application Account Group. */
export const createApplicationGroup = scenario({
  of: 'ag',
  group: 'AppGroup',
  field: 'appGroup',
  member: 'application',
  slaType: 'application',
  open: (context) => openMember(context, 'ag', 'application'),
  move: (member, appGroupId, { op }) => ['OpService.moveAppAccountToGroup', { ...idsFor(op, member), appGroupId }],
  ownAgreement: 'SpService.getAppAccountSla',
});

function scenario(words: Words): PrmScenario {
  return {
    about: `the operator writes an agreement and makes a group of it, and a ${words.member} enjoys it`,
    async run(context) {
      const { op } = context;
      const groupId = idOf(context, `${words.of}-new`);
      const bean = (sla: string) => ({ [words.field]: spelled('op', { sla, properties: { desk: 'Osaka' } }) });
      const named = { [`${words.field}Id`]: groupId };
      const call = (title: string, verb: string, input: object = {}, expectation = {}) =>
        op.call(title, `OpService.${verb}`, { ...named, ...input }, expectation);
      const broken = bean('<Sla><rate></Sla>');
      const refused = { fault: 'CommonException' };
      await call('an agreement must be well-formed XML', `create${words.group}`, broken, refused);
      await call('nothing was made', `get${words.group}`, {}, refused);
      const first = agreement(groupId, 20);
      await call('the operator makes the group', `create${words.group}`, bean(first));
      await op.call(
        'it is in the list',
        `OpService.list${words.group}s`,
        {},
        {
          check: (value) => expectEqual(`${groupId} in the list`, itemsOf(value).includes(groupId), true),
        },
      );
      const holds = (sla: string) => ({
        check: (value: unknown) => [
          ...expectEqual('sla', fieldOf(value, 'sla'), sla),
          ...expectEqual('desk', propertyOf(value, 'desk'), 'Osaka'),
        ],
      });
      await call('with its agreement', `get${words.group}`, {}, holds(first));
      await call('its id is taken', `create${words.group}`, bean(first), refused);
      const second = agreement(groupId, 40);
      await call('the agreement changes', `update${words.group}`, bean(second));
      await call('a faulty change is refused', `update${words.group}`, broken, refused);
      await call('and changed nothing', `get${words.group}`, {}, holds(second));
      await enjoy(context, words, groupId, second);
      await call('a group somebody is in cannot be deleted', `delete${words.group}`, {}, refused);
      const emptyId = `${groupId}-2`;
      const empty = { [`${words.field}Id`]: emptyId };
      await call('an empty one', `create${words.group}`, { ...bean(agreement(emptyId, 1)), ...empty });
      await call('can', `delete${words.group}`, empty);
    },
  };
}

async function enjoy(context: PrmContext, words: Words, groupId: string, sla: string): Promise<void> {
  const { provider, member } = await words.open(context);
  const { op } = context;
  const { sp } = provider;
  const is = { check: (value: unknown) => expectEqual('the agreement', value, sla) };
  await op.call(`the ${words.member} moves into the new group`, ...words.move(member, groupId, context));
  await sp.call('the provider reads what holds', words.ownAgreement, idsFor(sp, member), is);
  const { slaType } = words;
  const byType = `${words.ownAgreement}ByType`;
  await sp.call('by its type', byType, { slaType, ...idsFor(sp, member) }, is);
  const unknown = { slaType: 'nobody:knows', ...idsFor(sp, member) };
  await sp.call('a type nobody knows', byType, unknown, { fault: 'CommonException' });
}
