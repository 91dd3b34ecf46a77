import { removeAgreement, terminateGroup } from '../../src/core/servicelevels/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { client, member, operator, outcome, perform, system } from '../core/support/hub.js';
import { onEveryDatabase } from '../support/databases.js';
import { account, makeStage, type Stage } from './support/stage.js';

const callers = {
  'operator 666': () => operator(666),
  'operator 333': () => operator(333),
  'account 666': ({ channel }: Stage) => account(channel.id, 666),
  'account 1000': ({ channel }: Stage) => account(channel.id, 1000),
  'account 333': ({ channel }: Stage) => account(channel.id, 333),
  'account without level': ({ channel }: Stage) => account(channel.id, null),
  'account of another channel': ({ otherChannel }: Stage) => account(otherChannel.id, 1000),
  'account of the provider': ({ channel, provider }: Stage) => account(channel.id, null, provider.id),
  'account of the provider with a level': ({ channel, provider }: Stage) => account(channel.id, 1000, provider.id),
  'owner of the provider': ({ provider }: Stage) => member(provider.id, ['OWNER']),
  'client of the provider': ({ provider }: Stage) => client(provider.id),
  'owner of another provider': ({ rival }: Stage) => member(rival.id, ['OWNER']),
  anonymous: (): Actor => ({ kind: 'anonymous' }),
} satisfies Record<string, (stage: Stage) => Actor>;
const writers = ['operator 666', 'account 666', 'account 1000'];

onEveryDatabase('who changes service level groups', (db) => {
  it.each(Object.keys(callers) as (keyof typeof callers)[])('%s', async (name) => {
    const stage = await makeStage(db);
    const actor = callers[name](stage);
    const group = await stage.create();
    const spare = await stage.create({ key: 'spare' });
    const apps = await stage.create({ memberKind: 'application' });
    await stage.move(stage.provider.id, group.id);
    const agreement = await stage.agree(stage.instance.id, 'removable');
    const counts = () =>
      perform(db, system, async (tx) => [
        await tx.serviceLevelGroups.findMany({}),
        await tx.serviceLevelAgreements.findMany({}),
        (await tx.applications.find(stage.application.id))!.serviceLevelGroupId,
      ]);
    const before = await counts();
    const answers = [
      await outcome(stage.create({ key: 'new' }, actor)),
      await outcome(stage.update({ id: group.id, document: '<Sla/>' }, actor)),
      await outcome(stage.move(stage.provider.id, spare.id, actor)),
      await outcome(stage.move(stage.application.id, apps.id, actor)),
      await outcome(stage.agree(group.id, 'uptime', '<Sla/>', actor)),
      await outcome(stage.agree(stage.instance.id, 'uptime', '<Sla/>', actor)),
      await outcome(perform(db, actor, (tx) => removeAgreement(tx, { id: agreement.id }))),
      await outcome(perform(db, actor, (tx) => terminateGroup(tx, { id: group.id }))),
    ];
    if (writers.includes(name)) {
      expect(answers).toEqual(answers.map(() => 'done'));
    } else {
      expect(answers).toEqual(answers.map(() => expect.stringMatching(/^(forbidden|not_found)$/)));
      expect(await counts()).toEqual(before);
    }
  });

  it('who may see a member is told that moving it is not theirs, others that there is none', async () => {
    const stage = await makeStage(db);
    const group = await stage.create();
    const move = (actor: Actor) => outcome(stage.move(stage.provider.id, group.id, actor));
    expect(await move(member(stage.provider.id, ['OWNER']))).toBe('forbidden');
    expect(await move(account(stage.channel.id, 333))).toBe('forbidden');
    expect(await move(member(stage.rival.id, ['OWNER']))).toBe('not_found');
    expect(await move(account(stage.otherChannel.id, 1000))).toBe('not_found');
  });

  it('groups of the hub’s own are for operators of the hub', async () => {
    const stage = await makeStage(db);
    expect(await outcome(stage.create({ channelId: '' }))).toBe('forbidden');
    const own = await stage.create({ channelId: '' }, operator(666));
    expect(await outcome(stage.update({ id: own.id, document: '<Sla/>' }))).toBe('not_found');
    expect(await outcome(stage.create({ channelId: 'nothing' }, operator(666)))).toBe('unknown_reference');
  });
});
