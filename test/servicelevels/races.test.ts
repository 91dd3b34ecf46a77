import { askApproval, decideApproval, disableObject, provisionInstance } from '../../src/core/provisioning/index.js';
import { removeAgreement, terminateGroup } from '../../src/core/servicelevels/index.js';
import { outcome, perform, system } from '../core/support/hub.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeStage, type Stage } from './support/stage.js';

const rounds = 25;

/** Commands that meet: whatever wins, nobody is in a group that ended and nothing is agreed twice. */
onEveryDatabase('races around service level groups', (db) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage(db);
  });

  const terminate = (id: string) => outcome(perform(db, stage.op, (tx) => terminateGroup(tx, { id })));

  it.each(['provider', 'application'] as const)('a group ends while the %s is moved into it', async (who) => {
    const memberKind = who === 'provider' ? 'tenant' : 'application';
    for (let round = 0; round < rounds; round += 1) {
      const group = await stage.create({ memberKind, key: `g${round}` });
      const move = () => outcome(stage.move(stage[who].id, group.id));
      const pair = round % 2 === 0 ? [move(), terminate(group.id)] : [terminate(group.id), move()];
      const answers = await Promise.all(pair);
      const [moved, ended] = round % 2 === 0 ? answers : answers.toReversed();
      expect(['done in_use', 'not_found done']).toContain(`${moved} ${ended}`);
      await perform(db, system, async (tx) => {
        const rows = who === 'provider' ? tx.tenants : tx.applications;
        const member = (await rows.find(stage[who].id))!;
        const now = (await tx.serviceLevelGroups.find(group.id))!;
        expect(member.serviceLevelGroupId === group.id).toBe(now.terminatedAt === null);
      });
    }
  });

  it('a group ends while something is agreed for it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const group = await stage.create({ key: `g${round}` });
      const agreed = () => outcome(stage.agree(group.id, 'uptime'));
      const updated = () => outcome(stage.update({ id: group.id, document: '<Sla/>' }));
      const answers = await Promise.all([agreed(), terminate(group.id), updated()]);
      expect(answers[1]).toBe('done');
      const left = await perform(db, system, (tx) =>
        tx.serviceLevelAgreements.count({ targetId: group.id, liveKey: '0' }),
      );
      expect(left).toBe(0);
    }
  });

  it('the same type agreed by several at once is one agreement', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const group = await stage.create({ key: `g${round}` });
      for (const target of [group.id, stage.instance.id]) {
        const type = `t${round}`;
        const asked = [1, 2, 3].map((n) => stage.agree(target, type, `<A n="${n}"/>`));
        const set = await Promise.all(asked);
        expect(new Set(set.map(({ id }) => id)).size).toBe(1);
        expect(set.map(({ version }) => version).sort()).toEqual([1, 2, 3]);
      }
    }
  });

  it('a deletion is approved while something is agreed for the instance', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { id, approval } = await perform(db, system, async (tx) => {
        const { provider, application, channel } = stage;
        const place = { tenantId: provider.id, applicationId: application.id, channelId: channel.id };
        const { instance } = await provisionInstance(tx, place);
        const target = { kind: 'instance', id: instance.id } as const;
        await disableObject(tx, target);
        return { id: instance.id, approval: await askApproval(tx, { ...target, approval: 'delete' }) };
      });
      const [agreed, approved] = await Promise.all([
        outcome(stage.agree(id, 'uptime')),
        outcome(perform(db, stage.op, (tx) => decideApproval(tx, { id: approval.id, approve: true }))),
      ]);
      expect(['done in_use', 'terminated done']).toContain(`${agreed} ${approved}`);
    }
  });

  it('an agreement removed twice at once is removed once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { id } = await stage.agree(stage.instance.id, 'a', `<A n="${round}"/>`);
      const remove = () => outcome(perform(db, stage.op, (tx) => removeAgreement(tx, { id })));
      expect((await Promise.all([remove(), remove()])).sort()).toEqual(['done', 'terminated']);
    }
  });
});
