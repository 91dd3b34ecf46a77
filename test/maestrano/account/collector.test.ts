import { createBillingSubscriber } from '../../../src/adapters/rest/maestrano/account/index.js';
import { placeOf } from '../../../src/adapters/rest/maestrano/account/place.js';
import { tellCharge } from '../../../src/adapters/rest/maestrano/account/tell-charge.js';
import { addCharge, cancelCharge, claimCharge } from '../../../src/core/billing/index.js';
import { updateChannel } from '../../../src/core/marketplace/index.js';
import { hour, minute, second } from '../../../src/core/shared/clock.js';
import { onEveryDatabase } from '../../support/databases.js';
import { seededRandom } from '../../support/random.js';
import { type AccountApiServer, startAccountApi, type Trouble, troubles } from '../support/account-api.js';
import { group, openCollector, openScene, patienceMs } from './support.js';

onEveryDatabase('billing at a marketplace', (db) => {
  let server: AccountApiServer;
  beforeAll(async () => {
    server = await startAccountApi({ now: () => db.clock.now() });
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  it('sends a charge once, with its marker, and keeps the id of the bill', async () => {
    const scene = await openScene(db, server);
    const period = { periodStartsAt: '2026-01-01T00:00:00.000Z', periodEndsAt: '2026-02-01T00:00:00.000Z' };
    const charge = await scene.charge({ units: '3.5', thirdParty: true, description: 'SMS &=pack ü', ...period });
    await scene.deliver();
    expect(server.bills).toHaveLength(1);
    expect(server.bills[0]!.fields).toEqual({
      group_id: group,
      price_cents: '1500',
      currency: 'EUR',
      units: '3.5',
      description: `SMS &=pack ü [${charge.id}]`,
      period_started_at: '2026-01-01T00:00:00Z',
      period_ended_at: '2026-02-01T00:00:00Z',
      third_party: 'true',
    });
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1', leaseOwner: '' });
    expect(server.calls.map(({ method }) => method)).toEqual(['POST']);
  });

  it('bills the group of the tenant for what belongs to no instance', async () => {
    const scene = await openScene(db, server);
    const input = { tenantId: scene.tenant.id, amount: '700', currency: 'EUR', description: 'Setup' };
    await scene.perform((tx) => addCharge(tx, input));
    await scene.deliver();
    expect(server.bills).toMatchObject([{ groupUid: group, priceCents: 700 }]);
  });

  it.each<Trouble>(['silentAfter', 'brokenAfter', 'failAfter', 'garbageAfter'])(
    'finds its bill again instead of sending another: %s',
    async (trouble) => {
      const scene = await openScene(db, server);
      server.plan('POST', trouble);
      const charge = await scene.charge();
      await scene.deliver();
      expect(await scene.now(charge.id)).toMatchObject({ status: 'DUE', externalId: '' });
      expect((await scene.now(charge.id)).failure).not.toBe('');
      await scene.after(2 * second);
      expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1', failure: '' });
      expect(server.bills).toHaveLength(1);
      expect(server.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'POST account/bills',
        `GET account/bills?group_id=${group}`,
      ]);
    },
  );

  it.each<Trouble>(['silentBefore', 'brokenBefore', 'failBefore', 'garbageBefore', 'denied', 'busy'])(
    'sends again what did not arrive: %s',
    async (trouble) => {
      const scene = await openScene(db, server);
      server.plan('POST', trouble);
      const charge = await scene.charge();
      await scene.deliver();
      expect(await scene.now(charge.id)).toMatchObject({ status: 'DUE' });
      await scene.after(2 * second);
      expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1' });
      expect(server.bills).toHaveLength(1);
    },
  );

  it('sends nothing while it cannot look whether the bill is there', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'silentAfter');
    server.plan('GET', 'failBefore', 'garbageAfter', 'denied');
    const charge = await scene.charge();
    await scene.deliver();
    for (let tries = 0; tries < 3; tries += 1) await scene.after(10 * minute);
    expect(server.bills).toHaveLength(1);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'DUE' });
    await scene.after(10 * minute);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1' });
    expect(server.bills).toHaveLength(1);
  });

  it('removes the second bill when the first call arrives late', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'late');
    const charge = await scene.charge();
    await scene.deliver();
    await scene.after(2 * second);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1' });
    server.applyLate();
    expect(server.standing(charge.id)).toHaveLength(2);
    await scene.after(13 * patienceMs);
    expect(server.standing(charge.id).map(({ id }) => id)).toEqual(['bill-1']);
    expect(await scene.alarms()).toEqual([]);
  });

  it('keeps the oldest of several bills it finds', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'late', 'silentAfter');
    const charge = await scene.charge();
    await scene.deliver();
    await scene.after(2 * second);
    db.clock.advance(second);
    server.applyLate();
    expect(server.standing(charge.id)).toHaveLength(2);
    await scene.after(4 * second);
    expect(server.standing(charge.id).map(({ id }) => id)).toEqual(['bill-1']);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1' });
  });

  it('does not count a bill that was canceled there', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'silentAfter');
    const charge = await scene.charge();
    await scene.deliver();
    server.bills[0]!.status = 'cancelled';
    await scene.after(2 * second);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-2' });
  });

  it('tells of a second bill that was invoiced before it was seen', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'late');
    await scene.charge();
    await scene.deliver();
    await scene.after(2 * second);
    server.applyLate();
    server.bills[1]!.status = 'invoiced';
    await scene.after(13 * patienceMs);
    expect(await scene.alarms()).toEqual([expect.stringMatching(/^4003 bill-2: .*invoiced/)]);
  });

  it('bills each of many charges once through everything that can go wrong', async () => {
    const scene = await openScene(db, server);
    const random = seededRandom(11);
    const pick = () => (random() < 0.3 ? troubles[Math.floor(random() * troubles.length)]! : 'ok');
    server.disturb(pick);
    const charges = [];
    for (let index = 0; index < 12; index += 1) charges.push(await scene.charge({ amount: String(100 + index) }));
    for (const { id } of charges.slice(9)) await scene.perform((tx) => cancelCharge(tx, { id }));
    await scene.deliver();
    for (const { id } of charges.slice(6, 9)) await scene.perform((tx) => cancelCharge(tx, { id }));
    for (let round = 0; round < 8; round += 1) {
      if (round === 6) server.disturb(() => 'ok');
      await scene.after(5 * minute);
      server.applyLate();
    }
    const found = charges.map(({ id }) => server.standing(id).map(({ priceCents }) => priceCents));
    expect(found).toEqual([[100], [101], [102], [103], [104], [105], [], [], [], [], [], []]);
    expect(server.standing('')).toHaveLength(6);
  });

  it('takes two events for one, and two processes for one sender', async () => {
    const scene = await openScene(db, server);
    const charges = await Promise.all(Array.from({ length: 8 }, () => scene.charge()));
    const other = openCollector(db, server, await db.open());
    await Promise.all([scene.deliver(), other.deliver()]);
    for (const collector of [scene, other]) {
      const aggregate = { kind: 'charge', id: charges[0]!.id, version: 1 } as const;
      const payload = { channelId: scene.channel.id };
      const event = { id: 'evt', sequence: 1, at: '', type: 'charge.due', aggregate, tenantId: '', payload };
      await createBillingSubscriber(collector.ports).deliver(event);
    }
    expect(server.bills).toHaveLength(8);
  });

  it('lets one of two senders of the same charge send', async () => {
    const scene = await openScene(db, server);
    const charge = await scene.charge();
    let seen!: () => void;
    const arrived = new Promise<void>((resolve) => {
      seen = resolve;
    });
    let release!: () => void;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.onCall(() => {
      seen();
      return held;
    });
    const first = scene.deliver();
    await arrived;
    const place = (await placeOf(scene.ports, scene.channel.id))!;
    await expect(tellCharge(scene.ports, place, charge.id)).rejects.toMatchObject({ code: 'busy' });
    release();
    await first;
    expect(server.calls).toHaveLength(1);
    expect(server.bills).toHaveLength(1);
  });

  it('removes what a sender billed that took longer than anybody waits for it', async () => {
    const scene = await openScene(db, server);
    const charge = await scene.charge();
    const place = (await placeOf(scene.ports, scene.channel.id))!;
    server.onCall(async () => {
      if (server.calls.length > 1) return;
      db.clock.advance(minute);
      await tellCharge(scene.ports, place, charge.id);
    });
    await tellCharge(scene.ports, place, charge.id);
    expect(server.standing(charge.id)).toHaveLength(2);
    await scene.after(13 * patienceMs);
    expect(server.standing(charge.id).map(({ id }) => id)).toEqual(['bill-1']);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1' });
  });

  it('takes over after a process that died in the middle, and looks first', async () => {
    const scene = await openScene(db, server);
    const charge = await scene.charge();
    await scene.perform((tx) => claimCharge(tx, { id: charge.id, owner: 'dead', leaseMs: 5 * second }));
    await scene.deliver();
    expect(server.calls).toHaveLength(0);
    await scene.after(6 * second);
    expect(server.calls.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED' });
  });

  it('keeps what the marketplace says of a charge it refuses', async () => {
    const scene = await openScene(db, server);
    const charge = await scene.charge({ currency: 'EUR' });
    server.onCall(({ form }) => form.set('currency', 'euro'));
    await scene.deliver();
    expect(await scene.now(charge.id)).toMatchObject({ status: 'REFUSED', failure: 'currency: is not a currency' });
    expect(await scene.alarms()).toEqual(['4001 currency: is not a currency']);
  });

  it('takes a charge whose group is gone for uncollectable', async () => {
    const scene = await openScene(db, server);
    server.groups.get(group)!.status = 'terminated';
    const charge = await scene.charge();
    await scene.deliver();
    expect((await scene.now(charge.id)).status).toBe('UNCOLLECTABLE');
    expect(await scene.alarms()).toEqual(['4002 group_id: does not exist or cannot be charged by your service']);
  });

  it('submits after all what was refused at last and had arrived late', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'late');
    const charge = await scene.charge();
    await scene.deliver();
    server.groups.get(group)!.status = 'terminated';
    await scene.after(2 * second);
    expect((await scene.now(charge.id)).status).toBe('UNCOLLECTABLE');
    server.groups.get(group)!.status = 'running';
    server.applyLate();
    await scene.after(13 * patienceMs);
    await scene.deliver();
    expect(await scene.now(charge.id)).toMatchObject({ status: 'SUBMITTED', externalId: 'bill-1' });
    expect(await scene.alarms()).toEqual([]);
  });

  it('waits with an alarm while its credentials are not taken', async () => {
    const scene = await openScene(db, server);
    server.disturb(() => 'denied');
    const charge = await scene.charge();
    await scene.deliver();
    expect((await scene.now(charge.id)).status).toBe('DUE');
    expect(await scene.alarms()).toEqual([expect.stringMatching(/^1009 .*Invalid API token/)]);
    server.disturb(() => 'ok');
    await scene.after(2 * second);
    expect((await scene.now(charge.id)).status).toBe('SUBMITTED');
    expect(await scene.alarms()).toEqual([]);
  });

  it('waits while the channel is switched off or not listed any more', async () => {
    const scene = await openScene(db, server);
    const turn = (disabled: boolean) => scene.perform((tx) => updateChannel(tx, { id: scene.channel.id, disabled }));
    await turn(true);
    const charge = await scene.charge();
    await scene.deliver();
    await turn(false);
    await scene.perform(async (tx) => {
      const channel = (await tx.channels.lock(scene.channel.id))!;
      await tx.channels.save(channel, { suspendedAt: tx.now });
    });
    await scene.after(2 * second);
    expect(server.calls).toHaveLength(0);
    await scene.perform(async (tx) => {
      const channel = (await tx.channels.lock(scene.channel.id))!;
      await tx.channels.save(channel, { suspendedAt: null });
    });
    await scene.after(10 * second);
    expect((await scene.now(charge.id)).status).toBe('SUBMITTED');
  });

  it('takes a bill back, also one canceled there already', async () => {
    const scene = await openScene(db, server);
    const charges = [await scene.charge(), await scene.charge()];
    await scene.deliver();
    server.bills[1]!.status = 'cancelled';
    for (const { id } of charges) await scene.perform((tx) => cancelCharge(tx, { id }));
    await scene.deliver();
    expect(server.bills.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    for (const { id } of charges)
      expect(await scene.now(id)).toMatchObject({ status: 'CANCELED', cancelDueAt: null, failure: '' });
  });

  it('leaves what was invoiced, and says so', async () => {
    const scene = await openScene(db, server);
    const charge = await scene.charge();
    await scene.deliver();
    server.bills[0]!.status = 'invoiced';
    await scene.perform((tx) => cancelCharge(tx, { id: charge.id }));
    await scene.deliver();
    const canceled = await scene.now(charge.id);
    expect(canceled).toMatchObject({ status: 'CANCELED', cancelDueAt: null });
    expect(canceled.failure).toMatch(/invoiced/);
  });

  it('cancels a charge that is being sent: its bill is taken back', async () => {
    const scene = await openScene(db, server);
    const charge = await scene.charge();
    server.onCall(async ({ method }) => {
      if (method === 'POST') await scene.perform((tx) => cancelCharge(tx, { id: charge.id }));
    });
    await scene.deliver();
    await scene.after(second);
    expect(server.bills.map(({ status }) => status)).toEqual(['cancelled']);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'CANCELED', externalId: 'bill-1', cancelDueAt: null });
  });

  it('cancels a charge whose answer was lost: found by its marker', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'silentAfter');
    const charge = await scene.charge();
    await scene.deliver();
    await scene.perform((tx) => cancelCharge(tx, { id: charge.id }));
    await scene.after(2 * second);
    expect(server.bills.map(({ status }) => status)).toEqual(['cancelled']);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'CANCELED', externalId: 'bill-1', cancelDueAt: null });
  });

  it('cancels a charge that arrives only after it was canceled', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'late');
    const charge = await scene.charge();
    await scene.deliver();
    await scene.perform((tx) => cancelCharge(tx, { id: charge.id }));
    await scene.after(2 * second);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'CANCELED', leaseOwner: '' });
    expect((await scene.now(charge.id)).cancelDueAt).not.toBeNull();
    server.applyLate();
    expect(server.standing(charge.id)).toHaveLength(1);
    await scene.after(12 * patienceMs);
    expect(server.standing(charge.id)).toEqual([]);
    expect(await scene.now(charge.id)).toMatchObject({ status: 'CANCELED', externalId: 'bill-1', cancelDueAt: null });
  });

  it('believes in the end that there is no bill of a canceled charge, and still looks once more', async () => {
    const scene = await openScene(db, server);
    server.plan('POST', 'late');
    const charge = await scene.charge();
    await scene.deliver();
    await scene.perform((tx) => cancelCharge(tx, { id: charge.id }));
    await scene.after(2 * second);
    await scene.after(12 * patienceMs);
    expect(await scene.now(charge.id)).toMatchObject({ cancelDueAt: null, externalId: '' });
    server.applyLate();
    await scene.after(hour);
    expect(server.standing(charge.id)).toEqual([]);
  });
});
