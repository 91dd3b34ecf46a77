import {
  addMembership,
  changeMembership,
  createUser,
  disableUser,
  setOperatorLevel,
} from '../../src/core/identity/index.js';
import { assignLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import {
  askApproval,
  decideApproval,
  provisionInstance,
  removeMember,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { findHalves } from '../support/integrity.js';
import { type Hub, makeHub, operator, outcome, perform, system } from './support/hub.js';

const rounds = 30;

/** Commands that meet: whatever wins, nothing half is left. */
onEveryDatabase('races', (db) => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await makeHub(db);
    await perform(db, system, (tx) =>
      setPoolQuantity(tx, { tenantId: hub.customer.id, licenseTypeId: hub.application.seat.id, quantity: 50 }),
    );
  });

  const halves = async () =>
    (await findHalves(db.raw)).filter((line) => line.startsWith('a license whose') || line.startsWith('the counter'));
  const seatFor = (userId: string, instanceId = '') =>
    perform(db, system, (tx) =>
      assignLicense(tx, { userId, tenantId: hub.customer.id, licenseTypeId: hub.application.seat.id, instanceId }),
    );

  it('a member removed while a seat is given to them keeps none', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { user, membership } = await hub.person(hub.customer.id);
      const answers = await Promise.all([
        outcome(seatFor(user.id)),
        outcome(perform(db, system, (tx) => removeMember(tx, { id: membership.id }))),
      ]);
      expect(answers).toEqual([expect.stringMatching(/^(done|not_found)$/), 'done']);
      expect(await perform(db, system, (tx) => tx.licenses.count({ userId: user.id, liveKey: '0' }))).toBe(0);
    }
    expect(await halves()).toEqual([]);
  });

  it('an instance deleted while people and seats come keeps neither', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { user } = await hub.person(hub.sibling.id);
      const { instance } = await perform(db, system, (tx) =>
        provisionInstance(tx, {
          tenantId: hub.customer.id,
          applicationId: hub.application.id,
          licenses: [{ licenseTypeId: hub.application.seat.id, quantity: 1 }],
        }),
      );
      const join = perform(db, system, async (tx) => {
        const place = { userId: user.id, tenantId: hub.customer.id, instanceId: instance.id };
        await addMembership(tx, { ...place, roles: ['MEMBER'] });
        await assignLicense(tx, { ...place, licenseTypeId: hub.application.seat.id });
      });
      const end = () =>
        outcome(perform(db, system, (tx) => terminateObject(tx, { kind: 'instance', id: instance.id })));
      const [joined, ...ends] = await Promise.all([outcome(join), end(), end()]);
      expect(joined).toMatch(/^(done|terminated)$/);
      expect(ends.sort()).toEqual(['done', 'terminated']);
      await perform(db, system, async (tx) => {
        expect(await tx.licenses.count({ instanceId: instance.id, liveKey: '0' })).toBe(0);
        expect(await tx.memberships.count({ instanceId: instance.id, liveKey: '0' })).toBe(0);
      });
    }
    expect(await halves()).toEqual([]);
  });

  it('the same seat asked for twice at once is one seat, and both get it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { user } = await hub.person(hub.customer.id);
      const [one, two] = await Promise.all([seatFor(user.id), seatFor(user.id)]);
      expect(two?.id).toBe(one?.id);
    }
    expect(await halves()).toEqual([]);
  });

  it('of two answers to an approval one counts, the other is wrong_state', async () => {
    const id = hub.instance.id;
    for (let round = 0; round < 50; round += 1) {
      const approval = await perform(db, system, (tx) =>
        askApproval(tx, { kind: 'instance', id, approval: 'update', proposed: { name: `Name ${round}` } }),
      );
      const answer = (approve: boolean) =>
        outcome(perform(db, operator(), (tx) => decideApproval(tx, { id: approval.id, approve })));
      const answers = await Promise.all([answer(true), answer(false)]);
      expect(answers.sort()).toEqual(['done', 'wrong_state']);
      await perform(db, system, async (tx) => {
        const decided = (await tx.approvals.find(approval.id))!;
        const instance = (await tx.instances.find(id))!;
        expect(instance.pending).toBe('');
        expect(instance.name === `Name ${round}`).toBe(decided.status === 'APPROVED');
      });
    }
  });

  it('two owners who step down at once leave one', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tenant = await perform(db, system, async (tx) => {
        return createTenant(tx, { kind: 'customer', name: `Owned ${round}` });
      });
      const [one, two] = [await hub.person(tenant.id, ['OWNER']), await hub.person(tenant.id, ['OWNER'])];
      const answers = await Promise.all([
        outcome(perform(db, system, (tx) => changeMembership(tx, { id: one.membership.id, roles: ['MEMBER'] }))),
        outcome(perform(db, system, (tx) => removeMember(tx, { id: two.membership.id }))),
      ]);
      expect(answers.sort()).toEqual(['done', 'in_use']);
    }
  });

  it('two administrators who take each other out leave one', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = await perform(db, system, async (tx) => [
        await createUser(tx, { displayName: 'A', operatorLevel: 1000 }),
        await createUser(tx, { displayName: 'B', operatorLevel: 1000 }),
      ]);
      const answers = await Promise.all([
        outcome(perform(db, operator(1000, a!.id), (tx) => setOperatorLevel(tx, { id: b!.id, level: 333 }))),
        outcome(perform(db, operator(1000, b!.id), (tx) => disableUser(tx, { id: a!.id }))),
      ]);
      expect(answers.sort()).toEqual(['done', 'in_use']);
      await perform(db, system, async (tx) => {
        for (const user of await tx.users.findMany({ operatorLevel: 1000 })) {
          await tx.users.save(user, { operatorLevel: null }); // the next round has administrators of its own
        }
      });
    }
  });
});
