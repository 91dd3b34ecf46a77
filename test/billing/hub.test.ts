import type { Charge } from '../../src/core/billing/index.js';
import { createMember } from '../../src/core/identity/index.js';
import { assignLicense } from '../../src/core/licensing/index.js';
import { provisionInstance } from '../../src/core/provisioning/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { type MaestranoHub, openMaestranoHub } from '../maestrano/support/hub.js';
import { eventually } from '../support/eventually.js';

describe.each(['sqlite', 'mysql'] as const)('a hub that works, on %s', (dialect) => {
  let world: MaestranoHub;
  beforeAll(async () => {
    world = await openMaestranoHub(dialect, { worker: true, plan: { amount: '1000', seats: 'perSeat' } });
  });
  afterAll(() => world?.close());

  it('prices seats by itself, and knows which event it was', async () => {
    const { applicationId, planId } = world;
    const channelId = world.channelId();
    const instanceId = await world.run(async (tx) => {
      const tenant = await createTenant(tx, { kind: 'customer', name: 'Acme', channelId });
      const [type] = await tx.licenseTypes.findMany({ applicationId });
      const licenses = [{ licenseTypeId: type!.id, quantity: 2 }];
      const of = { tenantId: tenant.id, applicationId, channelId, planId, trialEndsAt: null, licenses };
      const { instance } = await provisionInstance(tx, of);
      for (const givenName of ['Ada', 'Bo']) {
        const { user } = await createMember(tx, { givenName, membership: { tenantId: tenant.id, roles: ['MEMBER'] } });
        const place = { tenantId: tenant.id, instanceId: instance.id, licenseTypeId: type!.id };
        await assignLicense(tx, { ...place, userId: user.id });
      }
      return instance.id;
    });
    const standing = await eventually(async () => {
      const charges = await world.run((tx) => tx.charges.findMany({ instanceId, kind: 'RECURRING' }));
      return charges.find(({ status }: Charge) => status !== 'CANCELED');
    });
    expect([standing.seats, standing.priceMinor]).toEqual([2, 2_000n]);
    const { charge } = await world.ask(
      `{ charge(id: "${standing.id}") { journal(first: 1) { nodes { command reason } } } }`,
    );
    expect(charge.journal.nodes).toMatchObject([
      { command: 'billing.reprice', reason: expect.stringMatching(/^license\.assigned evt_/) },
    ]);
  });
});
