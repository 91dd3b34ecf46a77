import { jest } from '@jest/globals';
import { type Browser, createBrowser, type Page } from '../../src/adapters/cli/simulate/browser.js';
import { HubBusy, patiently } from '../../src/adapters/cli/simulate/busy.js';
import {
  addGroup,
  addPerson,
  type Group,
  instanceKey,
  type LocalMaestrano,
  type LocalMarketplace,
  type Person,
  startLocalMaestrano,
} from '../../src/adapters/cli/simulate/maestrano/local/index.js';
import { day, minute, shift } from '../../src/core/shared/clock.js';
import { systemClock } from '../../src/platform/clock.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/http.js';
import { testDialects } from '../support/mysql.js';
import { type MaestranoHub, openMaestranoHub } from './support/hub.js';

// A hub with its worker, and a marketplace with everything, for each database.
jest.setTimeout(120_000);

const names = ['acme', 'globex'];

/**
 * The integration checklist, row by row (spec Maestrano 1.9), against a marketplace that shares no code with the hub: real HTTP, real
 * SAML, real bills.
 */
describe.each(await testDialects())('the integration checklist on %s', (dialect) => {
  let world: MaestranoHub;
  let local: LocalMaestrano;
  let acme: LocalMarketplace;
  let counted = 0;

  beforeAll(async () => {
    const port = await freePort();
    local = await startLocalMaestrano({
      hubUrl: `http://localhost:${port}`,
      marketplaces: names.map((name) => ({ name })),
    });
    acme = local.marketplace('acme');
    const developerPlatform = { host: local.url, apiPath: '/api/config/v1', ...local.platform };
    world = await openMaestranoHub(dialect, {
      port,
      worker: true,
      channels: Object.fromEntries(names.map((name) => [name, { marketplace: name, developerPlatform }])),
      plan: { amount: '1500', seats: 'perSeat', trialDays: 0 },
      accessUrl: `http://localhost:${port}/signin`,
      env: { POLL_INTERVAL_MS: '50' },
    });
    await eventually(async () => (await discovered()).every((at) => at !== null), { what: 'discovery' });
  });
  afterAll(async () => {
    await world?.close();
    await local?.close();
  });

  async function discovered(): Promise<readonly (string | null)[]> {
    const { channels } = await world.ask('{ channels { nodes { discoveredAt } } }');
    return channels.nodes.map(({ discoveredAt }: { discoveredAt: string | null }) => discoveredAt);
  }

  /** A business nobody has seen, with so many people nobody has seen. */
  function company(people = 1, about: { marketplace?: LocalMarketplace; trialDays?: number; name?: string } = {}) {
    const { marketplace = acme, trialDays = 0 } = about;
    counted += 1;
    const now = systemClock().now();
    const group = addGroup(
      marketplace,
      {
        uid: `cld-${counted}`,
        name: about.name ?? `Company ${counted}`,
        freeTrialEndAt: shift(now, trialDays === 0 ? -minute : trialDays * day),
      },
      now,
    );
    const persons = Array.from({ length: people }, (_, index) => {
      const uid = `usr-${counted}-${index}`;
      const person = { uid, name: `Ada ${counted}`, surname: `Number ${index}`, email: `${uid}@people.example` };
      group.members.set(uid, index === 0 ? 'Super Admin' : 'Member');
      return addPerson(marketplace, person, now);
    });
    return { marketplace, group, persons, first: persons[0]! };
  }

  interface SignedOn {
    readonly browser: Browser;
    readonly page: Page;
  }

  /** Through the dashboard, the hub, the identity provider, and back. */
  async function signOn(marketplace: LocalMarketplace, group: Group, person: Person): Promise<SignedOn> {
    const browser = createBrowser();
    const door = await browser.open(`${local.url}/dashboard/${marketplace.name}`);
    await browser.press(door, `sign-in-${person.uid}`);
    const url = `${local.url}/launch/${encodeURIComponent(instanceKey(marketplace, group))}`;
    const page = await patiently(async () => answered(await browser.press(answered(await browser.open(url)), 'saml')));
    return { browser, page };
  }

  const isIn = async ({ browser }: SignedOn): Promise<boolean> =>
    (await patiently(async () => answered(await browser.open(`${world.url}/signin`)))).html.includes(
      'action="/signin/sign-out"',
    );

  async function signedOn(people = 1, about: Parameters<typeof company>[1] = {}) {
    const made = company(people, about);
    const visits: SignedOn[] = [];
    for (const person of made.persons) {
      const visit = await signOn(made.marketplace, made.group, person);
      expect(await isIn(visit)).toBe(true);
      visits.push(visit);
    }
    return { ...made, visits, instance: await instanceOf(made.group.uid) };
  }

  async function target(kind: string, externalId: string, channel = 'acme'): Promise<string | undefined> {
    const { externalRefs } = await world.ask(
      'query ($f: ExternalRefListFilter!) { externalRefs(filter: $f) { nodes { target { id } } } }',
      { f: { kind: { eq: kind }, externalId: { eq: externalId }, channelId: { eq: world.channelId(channel) } } },
    );
    return externalRefs.nodes[0]?.target?.id;
  }

  async function instanceOf(groupUid: string, channel = 'acme') {
    const id = await target('INSTANCE', groupUid, channel);
    const { instance } = await world.ask(
      `query ($id: ID!) { instance(id: $id) { id state tenant { id name } subscription { id status trialEndsAt }
         charges { nodes { id kind status startsAt seats price { amount } periodStartsAt } } } }`,
      { id },
    );
    return instance;
  }

  async function membersOf(tenantId: string): Promise<string[]> {
    const { tenant } = await world.ask(
      'query ($id: ID!) { tenant(id: $id) { memberships { nodes { terminatedAt user { id displayName } } } } }',
      { id: tenantId },
    );
    const live = tenant.memberships.nodes.filter((m: { terminatedAt: string | null }) => m.terminatedAt === null);
    return live.map((m: { user: { displayName: string } }) => m.user.displayName).sort();
  }

  const recurring = (uid: string) =>
    [...acme.recurringBills.values()].filter((b) => b.groupUid === uid && b.status !== 'cancelled');
  const bills = (uid: string) => [...acme.bills.values()].filter((b) => b.groupUid === uid && b.recurringBillId === '');

  describe('1 single sign-on', () => {
    it('1.1.1 exposes the metadata endpoint', async () => {
      const { id, key } = acme.api;
      const answer = await world.call('/maestrano/metadata/acme', { as: { id, key } });
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({
        app: { host: world.url },
        api: { id, host: local.url },
        sso: { enabled: true, slo_enabled: true, init_path: acme.paths.init, consume_path: acme.paths.consume },
        webhook: {
          account: { groups_path: acme.paths.groups, group_users_path: acme.paths.groupUsers },
          connec: { notifications_path: acme.paths.notifications },
        },
      });
      expect(text).not.toContain(key);
      const stranger = await world.call('/maestrano/metadata/acme');
      expect([stranger.status, await stranger.json()]).toEqual([401, { error: 'Invalid credentials' }]);
    });

    it('1.2.1 makes a company for a group nobody knows', async () => {
      const { instance, group } = await signedOn(1, { name: 'Müller & Söhne 株式会社' });
      expect(instance).toMatchObject({
        state: 'ACTIVE',
        tenant: { name: group.name },
        subscription: { status: 'ACTIVE' },
      });
    });

    it('1.2.2 makes a user in a company that is known', async () => {
      const { instance, persons } = await signedOn(2);
      expect(await membersOf(instance.tenant.id)).toEqual(persons.map((p) => `${p.name} ${p.surname}`).sort());
    });

    it('1.2.3 makes a user and a company when neither is known, once for two who come at the same instant', async () => {
      const { group, persons, marketplace } = company(2);
      const visits = await Promise.all(persons.map((person) => signOn(marketplace, group, person)));
      for (const visit of visits) expect(await isIn(visit)).toBe(true);
      const instance = await instanceOf(group.uid);
      expect(await membersOf(instance.tenant.id)).toHaveLength(2);
      const { tenants } = await world.ask('query ($f: TenantListFilter!) { tenants(filter: $f) { totalCount } }', {
        f: { name: { eq: group.name } },
      });
      expect(tenants.totalCount).toBe(1);
    });

    it('1.3.1 signs a known user in, with the names of today', async () => {
      const { group, first, instance, marketplace } = await signedOn();
      const before = await target('USER', first.uid);
      first.name = 'Augusta Ada';
      expect(await isIn(await signOn(marketplace, group, first))).toBe(true);
      expect(await target('USER', first.uid)).toBe(before);
      expect(await membersOf(instance.tenant.id)).toEqual([`Augusta Ada ${first.surname}`]);
    });

    it('1.4.1 links a user whose verified address is known', async () => {
      const { group, first, marketplace } = company();
      const { createUser } = await world.ask(
        'mutation ($i: CreateUserInput!) { createUser(input: $i) { user { id } } }',
        { i: { givenName: 'Ada', familyName: 'Known', emails: [{ email: first.email, verified: true }] } },
      );
      expect(await isIn(await signOn(marketplace, group, first))).toBe(true);
      expect(await target('USER', first.uid)).toBe(createUser.user.id);
    });
  });

  describe('2 account management and billing', () => {
    it('2.1.1 bills nothing before the trial ends', async () => {
      const { group } = await signedOn(2, { trialDays: 14 });
      await eventually(
        () =>
          recurring(group.uid)
            .map(({ priceCents }) => priceCents)
            .join() === '3000',
        {
          what: 'the recurring bill of two seats',
        },
      );
      const [bill, ...others] = recurring(group.uid);
      expect(others).toEqual([]);
      expect(bill!.startDate >= shift(group.freeTrialEndAt, -1_000)).toBe(true);
      expect(bills(group.uid)).toEqual([]);
      const { charges } = await instanceOf(group.uid);
      const dated = charges.nodes.map(
        (c: { startsAt: string | null; periodStartsAt: string | null }) => c.startsAt ?? c.periodStartsAt,
      );
      expect(dated.every((at: string) => at >= shift(group.freeTrialEndAt, -1_000))).toBe(true);
    });

    it('2.1.2 sends an ad-hoc bill exactly once, also when its answer never came', async () => {
      const { group, instance } = await signedOn();
      let lost = 0;
      local.control.fail = ({ area, method, path }) => {
        const creates = area === 'account' && method === 'POST' && path.endsWith('/account/bills');
        if (!creates || lost > 0) return undefined;
        lost += 1;
        return { kind: 'cutAfter' };
      };
      try {
        await world.ask('mutation ($i: AddChargeInput!) { addCharge(input: $i) { charge { id } } }', {
          i: {
            instanceId: instance.id,
            amount: '50',
            currency: 'EUR',
            units: '3',
            description: 'SMS pack',
            thirdParty: true,
          },
        });
        await eventually(async () => (await adHoc(group.uid))?.status === 'SUBMITTED', {
          within: 60_000,
          what: 'the charge being submitted',
        });
      } finally {
        local.control.fail = () => undefined;
      }
      expect(lost).toBe(1);
      const sent = bills(group.uid).filter(({ description }) => description.startsWith('SMS pack'));
      expect(sent).toMatchObject([
        { priceCents: 50, units: 3, currency: 'EUR', thirdParty: true, status: 'submitted' },
      ]);
    });

    const adHoc = async (uid: string) =>
      (await instanceOf(uid)).charges.nodes.find(({ kind }: { kind: string }) => kind === 'AD_HOC');

    it('2.2.1 group: cancels the subscription, the bill and everybody’s access, and again is no error', async () => {
      const { group, visits, marketplace } = await signedOn(2);
      await eventually(() => recurring(group.uid).length === 1, { what: 'a recurring bill' });
      for (const _ of [1, 2]) {
        expect(await local.hub.cancelGroup(marketplace, group.uid)).toMatchObject({ status: 200 });
      }
      for (const visit of visits) expect(await isIn(visit)).toBe(false);
      expect(await instanceOf(group.uid)).toMatchObject({ state: 'TERMINATED', subscription: { status: 'ENDED' } });
      await eventually(() => recurring(group.uid).length === 0, { what: 'no recurring bill' });
    });

    it('2.2.1 user: ends one person’s access, and the price follows', async () => {
      const { group, visits, instance, persons, marketplace } = await signedOn(2);
      await eventually(() => recurring(group.uid)[0]?.priceCents === 3_000, { what: 'a bill for two seats' });
      const gone = persons[1]!;
      group.members.delete(gone.uid);
      expect(await local.hub.cancelMember(marketplace, group.uid, gone.uid)).toMatchObject({ status: 200 });
      expect(await isIn(visits[1]!)).toBe(false);
      expect(await isIn(visits[0]!)).toBe(true);
      expect(await membersOf(instance.tenant.id)).toHaveLength(1);
      await eventually(() => recurring(group.uid).length === 1 && recurring(group.uid)[0]!.priceCents === 1_500, {
        what: 'one bill for one seat',
      });
    });
  });

  describe('3 Connec! data sharing', () => {
    const people = async (tenantId: string, wanted: string): Promise<boolean> =>
      (await membersOf(tenantId)).includes(wanted);

    it('3.1.1 imports what is there when a company signs on for the first time', async () => {
      const { group, first, marketplace } = company();
      local.control.pageSize = 2;
      for (const n of [1, 2, 3, 4, 5]) {
        local.desk.addRecord({ marketplace, group }, 'people', { first_name: 'Imported', last_name: `P${n}` });
      }
      await local.settled();
      await signOn(marketplace, group, first);
      local.control.pageSize = 100;
      const { tenant } = await instanceOf(group.uid);
      await eventually(async () => (await membersOf(tenant.id)).filter((n) => n.startsWith('Imported')).length === 5, {
        what: 'five people imported',
      });
    });

    it('3.2.1 and 3.2.2 send a record that was made here, and its changes to the id that came back', async () => {
      const { group, instance } = await signedOn();
      const mine = () => [...acme.connec.get(group.uid)!.values()].filter((r) => r.fields.first_name === 'Local');
      const { createUser } = await world.ask(
        'mutation ($i: CreateUserInput!) { createUser(input: $i) { user { id } } }',
        {
          i: {
            givenName: 'Local',
            familyName: 'Person',
            emails: [{ email: `local-${group.uid}@people.example`, verified: false }],
            membership: { tenantId: instance.tenant.id, roles: ['VIEWER'] },
          },
        },
      );
      await eventually(() => mine().length === 1, { what: 'the record at Connec!' });
      const { id } = mine()[0]!;
      await eventually(async () => (await target('RECORD', `people/${id}`)) !== undefined, { what: 'the id stored' });
      await world.ask('mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { id } } }', {
        i: { id: createUser.user.id, familyName: 'Renamed' },
      });
      await eventually(() => mine()[0]?.fields.last_name === 'Renamed', { what: 'the change at Connec!' });
      expect(mine().map((record) => record.id)).toEqual([id]);
    });

    it('3.3.1 and 3.3.2 make and change a record Connec! tells of', async () => {
      const { group, instance, marketplace } = await signedOn();
      const record = local.desk.addRecord({ marketplace, group }, 'people', { first_name: 'Told', last_name: 'Once' });
      await eventually(() => people(instance.tenant.id, 'Told Once'), { what: 'the person made' });
      local.desk.changeRecord({ marketplace, group }, record, { last_name: 'Twice' });
      await eventually(() => people(instance.tenant.id, 'Told Twice'), { what: 'the person changed' });
      expect((await membersOf(instance.tenant.id)).filter((name) => name.startsWith('Told'))).toEqual(['Told Twice']);
    });
  });

  it('4 keeps two marketplaces apart whose ids are equal', async () => {
    const globex = local.marketplace('globex');
    const now = systemClock().now();
    const ids: (string | undefined)[] = [];
    for (const marketplace of [acme, globex]) {
      const group = addGroup(marketplace, { uid: 'cld-same', name: `Same of ${marketplace.name}` }, now);
      const person = {
        uid: 'usr-same',
        name: 'Same',
        surname: marketplace.name,
        email: `${marketplace.name}@same.example`,
      };
      group.members.set('usr-same', 'Member');
      expect(await isIn(await signOn(marketplace, group, addPerson(marketplace, person, now)))).toBe(true);
      ids.push(
        await target('INSTANCE', 'cld-same', marketplace.name),
        await target('USER', 'usr-same', marketplace.name),
      );
    }
    expect(new Set(ids).size).toBe(4);
    const asAcme = { as: acme.api, method: 'DELETE' };
    expect((await world.call('/maestrano/account/groups/cld-same/globex', asAcme)).status).toBe(401);
    await local.hub.cancelGroup(acme, 'cld-same');
    expect((await instanceOf('cld-same', 'acme')).state).toBe('TERMINATED');
    expect((await instanceOf('cld-same', 'globex')).state).toBe('ACTIVE');
  });
});

/** The page, unless the machine had no time for it: then the person tries again. */
function answered(page: Page): Page {
  if (page.status === 503) throw new HubBusy('the hub is busy');
  return page;
}
