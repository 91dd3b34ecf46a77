import { configureChannel, setProviderPassword } from '../../src/core/marketplace/index.js';
import {
  activateObject,
  askApproval,
  countTrafficFailure,
  deactivateObject,
  decideApproval,
  disableObject,
  enableObject,
  registerApplication,
  registerInstance,
  registerProvider,
  setTrafficPassword,
  terminateObject,
  unlockInstance,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import {
  createGroup,
  findGroup,
  moveToGroup,
  setAgreement,
  terminateGroup,
} from '../../src/core/servicelevels/index.js';
import { findXmlFault } from '../../src/platform/xml.js';
import { account } from '../servicelevels/support/stage.js';
import { onEveryDatabase } from '../support/databases.js';
import { findHalves } from '../support/integrity.js';
import { seededRandom } from '../support/random.js';
import { operator, outcome, perform, system } from './support/hub.js';

const callers = 20;
const commandsEach = 40;
const externalIds = ['one', 'two'];
const groupKeys = ['gold', 'silver'];

/** Everybody at once, about one provider: answers and refusals only, and nothing half is left. */
onEveryDatabase('a crowd of callers', (db) => {
  const random = seededRandom(33);
  const one = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];

  it('gets an answer each, and what they leave fits together', async () => {
    const { id: channelId } = await perform(db, system, (tx) =>
      configureChannel(tx, { name: 'prm', protocol: 'prm', settings: {} }),
    );
    const op = account(channelId, 666);
    const perOp = (work: (tx: Unit) => Promise<unknown>) => outcome(perform(db, op, work));

    /** What is there now, ended or not; picked outside of the unit, so that units meet what changed since. */
    async function pick() {
      return perform(db, system, async (tx) => {
        const provider = (await tx.externalRefs.findOne({ channelId, kind: 'tenant', liveKey: '0' }))?.targetId ?? '';
        const of = async (kind: 'application' | 'instance') =>
          one(await tx.externalRefs.findMany({ channelId, kind, liveKey: '0' }))?.targetId ?? '';
        const application = await of('application');
        const instance = await of('instance');
        const approval = one(await tx.approvals.findMany({ status: 'OPEN' }))?.id ?? '';
        const target = one([
          { kind: 'tenant', id: provider },
          { kind: 'application', id: application },
          { kind: 'instance', id: instance },
        ] as const)!;
        return { provider, application, instance, approval, target };
      });
    }

    async function command(): Promise<string> {
      const { provider, application, instance, approval, target } = await pick();
      const made = { externalId: one(externalIds)!, passwordHash: 'hash' };
      const memberKind = one(['tenant', 'application'] as const)!;
      const group = { channelId, memberKind, key: one(groupKeys)! };
      const groupId = async (tx: Unit) => (await findGroup(tx, group)).id;
      const member = memberKind === 'tenant' ? provider : application;
      const answer = (tx: Unit) => decideApproval(tx, { id: approval, approve: random() < 0.8 });
      const rare = random() < 0.2;
      const works: (() => Promise<string>)[] = [
        () => perOp((tx) => registerProvider(tx, { ...made, channelId, externalId: 'sp' })),
        () => perOp((tx) => registerApplication(tx, { ...made, tenantId: provider })),
        () => perOp((tx) => registerInstance(tx, { ...made, applicationId: application })),
        () => perOp(answer),
        () => perOp(answer),
        () => perOp((tx) => askApproval(tx, { ...target, approval: 'update', proposed: { name: 'New' } })),
        () => perOp((tx) => deactivateObject(tx, target)),
        () => perOp((tx) => askApproval(tx, { ...target, approval: 'delete' })),
        () => perOp((tx) => activateObject(tx, target)),
        () => outcome(perform(db, operator(), (tx) => disableObject(tx, { ...target, as: 'billing' }))),
        () => outcome(perform(db, operator(), (tx) => enableObject(tx, { ...target, as: 'billing' }))),
        () => perOp((tx) => setProviderPassword(tx, { tenantId: provider, passwordHash: 'next', password: 'next' })),
        () => perOp((tx) => setTrafficPassword(tx, { instanceId: instance, passwordHash: 'next' })),
        () => outcome(perform(db, system, (tx) => countTrafficFailure(tx, { instanceId: instance }))),
        () => perOp((tx) => unlockInstance(tx, { id: instance, passwordHash: 'next' })),
        () => perOp((tx) => createGroup(tx, { ...group, document: '<Sla/>' }, findXmlFault)),
        () => perOp(async (tx) => moveToGroup(tx, { id: member, groupId: await groupId(tx) })),
        () => perOp((tx) => moveToGroup(tx, { id: member, groupId: '' })),
        () => perOp(async (tx) => terminateGroup(tx, { id: await groupId(tx) })),
        () => perOp((tx) => setAgreement(tx, { targetId: instance, type: 'uptime', document: '<A/>' }, findXmlFault)),
        ...(rare ? [() => outcome(perform(db, operator(), (tx) => terminateObject(tx, target)))] : []),
      ];
      return one(works)!();
    }

    const answers = new Map<string, number>();
    await Promise.all(
      Array.from({ length: callers }, async () => {
        for (let count = 0; count < commandsEach; count += 1) {
          const answer = await command();
          answers.set(answer, (answers.get(answer) ?? 0) + 1);
        }
      }),
    );
    expect(answers.get('done')).toBeGreaterThan((callers * commandsEach) / 10);
    expect(answers.get('busy') ?? 0).toBeLessThan((callers * commandsEach) / 100);
    const halves = await findHalves(db.raw);
    expect(halves.filter((line) => !line.startsWith('an instance bought'))).toEqual([]); // these are registered
    await perform(db, system, async (tx) => {
      const tenants = await tx.tenants.findMany({ channelId });
      const applications = await tx.applications.findMany({ channelId });
      const instances = await tx.instances.findMany({ channelId });
      const ended = new Set(
        [...tenants, ...applications].filter((row) => row.terminatedAt !== null).map(({ id }) => id),
      );
      for (const row of [...tenants, ...applications, ...instances]) {
        const open = await tx.approvals.findMany({ objectId: row.id, status: 'OPEN' });
        const refs = await tx.externalRefs.count({ targetId: row.id, liveKey: '0' });
        const live = row.terminatedAt === null;
        expect([row.id, open.map(({ kind }) => kind), refs]).toEqual([
          row.id,
          row.pending === '' ? [] : [row.pending],
          live ? 1 : 0,
        ]);
      }
      for (const row of applications) expect(row.terminatedAt === null && ended.has(row.ownerTenantId)).toBe(false);
      for (const row of instances) {
        const { terminatedAt, tenantId, applicationId } = row;
        expect(terminatedAt === null && (ended.has(tenantId) || ended.has(applicationId))).toBe(false);
        expect(await tx.trafficCredentials.count({ instanceId: row.id })).toBe(1);
      }
      for (const row of [...tenants, ...applications].filter(({ terminatedAt }) => terminatedAt === null)) {
        if (row.serviceLevelGroupId === '') continue;
        expect(await tx.serviceLevelGroups.find(row.serviceLevelGroupId)).toMatchObject({ terminatedAt: null });
      }
      const live = tenants.filter((row) => row.terminatedAt === null);
      expect(await tx.serviceAccounts.count({ channelId, liveKey: '0' })).toBe(live.length);
    });
  });
});
