import { defineApplication, updateApplication } from '../../src/core/catalog/index.js';
import { configureChannel } from '../../src/core/marketplace/index.js';
import {
  askApproval,
  configureInstance,
  decideApproval,
  disableObject,
  enableObject,
  provisionInstance,
  registerApplication,
  registerInstance,
  registerProvider,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { createTenant, updateTenant } from '../../src/core/tenancy/index.js';
import { account } from '../servicelevels/support/stage.js';
import { onEveryDatabase } from '../support/databases.js';
import { operator, outcome, perform, system } from './support/hub.js';

const rounds = 25;

/** What other authorities do while a request waits, and what becomes of requests whose object goes. */
onEveryDatabase('while a request waits', (db) => {
  const run = <T>(work: Parameters<typeof perform<T>>[2]) => perform(db, operator(), work);

  async function makeStage() {
    return perform(db, system, async (tx) => {
      const channel = await configureChannel(tx, { name: 'prm', protocol: 'prm', settings: {} });
      const tenant = await createTenant(tx, { kind: 'reseller', name: 'Orchid', channelId: channel.id });
      const application = await defineApplication(tx, { key: 'sms', name: 'SMS', ownerTenantId: tenant.id });
      const place = { tenantId: tenant.id, applicationId: application.id, channelId: channel.id };
      const { instance } = await provisionInstance(tx, place);
      return { channel, tenant, application, instance };
    });
  }

  it('an update of what was stopped meanwhile is refused: the answer would be about something else', async () => {
    const stage = await makeStage();
    for (const kind of ['tenant', 'application', 'instance'] as const) {
      const { id } = stage[kind];
      const asked = await run((tx) => askApproval(tx, { kind, id, approval: 'update', proposed: { name: 'Later' } }));
      await run((tx) => disableObject(tx, { kind, id, as: 'billing' }));
      const update: (tx: Unit, change: { id: string; name: string }) => Promise<unknown> = {
        tenant: updateTenant,
        application: updateApplication,
        instance: configureInstance,
      }[kind];
      expect(await outcome(run((tx) => update(tx, { id, name: 'Now' })))).toBe('approval_open');
      await run((tx) => decideApproval(tx, { id: asked.id, approve: true }));
      await run((tx) => update(tx, { id, name: 'Now' }));
      await run((tx) => enableObject(tx, { kind, id, as: 'billing' }));
    }
  });

  it('what waits for its end is not enabled, so disapproved it is INACTIVE as it was', async () => {
    const stage = await makeStage();
    const { id } = stage.instance;
    const hold = () => run((tx) => disableObject(tx, { kind: 'instance', id }));
    await hold();
    const asked = await run((tx) => askApproval(tx, { kind: 'instance', id, approval: 'delete' }));
    expect(await outcome(run((tx) => enableObject(tx, { kind: 'instance', id })))).toBe('wrong_state');
    await hold();
    await run((tx) => decideApproval(tx, { id: asked.id, approve: false }));
    const left = await run((tx) => tx.instances.find(id));
    expect(stateOf(left!)).toBe('INACTIVE');
    await run((tx) => enableObject(tx, { kind: 'instance', id }));
  });

  it('a tenant that ends takes its applications along, and no request about them is left', async () => {
    const { channel } = await makeStage();
    const provider = { channelId: channel.id, externalId: 'ask', passwordHash: 'hash' };
    const op = account(channel.id, 666);
    const approve = async (id: string) => {
      const open = (await run((tx) => tx.approvals.findOne({ openKey: id })))!;
      await perform(db, op, (tx) => decideApproval(tx, { id: open.id, approve: true }));
    };
    const register = async () => {
      const tenant = await perform(db, op, (tx) => registerProvider(tx, provider));
      await approve(tenant.id);
      const ask = (externalId: string) =>
        perform(db, op, (tx) => registerApplication(tx, { tenantId: tenant.id, externalId }));
      const [live, waiting] = [await ask('live'), await ask('waiting')];
      await approve(live.id);
      const below = { applicationId: live.id, externalId: 'node', passwordHash: 'hash' };
      const instance = await perform(db, op, (tx) => registerInstance(tx, below));
      return { tenant, live, waiting, instance };
    };
    const first = await register();
    await run((tx) => terminateObject(tx, { kind: 'tenant', id: first.tenant.id }));
    await run(async (tx) => {
      for (const { id } of [first.live, first.waiting]) {
        expect(await tx.applications.find(id)).toMatchObject({ terminatedAt: tx.now, liveKey: id, pending: '' });
      }
      expect((await tx.approvals.findMany({ tenantId: first.tenant.id, status: 'OPEN' })).length).toBe(0);
      for (const { id } of Object.values(first)) {
        expect(await tx.externalRefs.count({ targetId: id, liveKey: '0' })).toBe(0);
      }
    });
    const second = await register();
    expect(second.tenant.id).not.toBe(first.tenant.id);
  });

  it('an application ends while it is bought: one of both', async () => {
    const { tenant } = await makeStage();
    for (let round = 0; round < rounds; round += 1) {
      const application = await run((tx) =>
        defineApplication(tx, { key: `a${round}`, name: 'A', ownerTenantId: tenant.id }),
      );
      const buyer = await run((tx) => createTenant(tx, { kind: 'customer', name: 'Buyer', parentId: tenant.id }));
      const bought = () =>
        outcome(run((tx) => provisionInstance(tx, { tenantId: buyer.id, applicationId: application.id })));
      const ended = () => outcome(run((tx) => terminateObject(tx, { kind: 'application', id: application.id })));
      const pair = round % 2 === 0 ? [bought(), ended()] : [ended(), bought()];
      const answers = (await Promise.all(pair)).sort();
      expect([
        ['done', 'in_use'],
        ['done', 'terminated'],
        ['done', 'wrong_state'],
      ]).toContainEqual(answers);
    }
  });
});
