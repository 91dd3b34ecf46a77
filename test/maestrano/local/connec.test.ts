import { type LocalMaestrano, startLocalMaestrano } from '../../../src/adapters/cli/simulate/maestrano/local/index.js';
import type { TestClock } from '../../support/clock.js';
import { serveHttp } from './hub-stub.js';
import { api, startWithPeople } from './support.js';

const arrays = { 'connec-external-ids': 'true' };
const people = '/api/v2/cld-1/people';
const ours = (id: string) => [{ id, provider: 'hub', realm: 'ten_1' }];

let local: LocalMaestrano;
let clock: TestClock;
let hub: Awaited<ReturnType<typeof serveHttp>>;
let call: ReturnType<typeof api>;
beforeEach(async () => {
  hub = await serveHttp();
  ({ local, clock } = await startWithPeople({ hubUrl: hub.url }));
  call = api(local);
});
afterEach(async () => {
  await local.close();
  await hub.close();
});

const connecId = (entity: { id: { id: string; provider: string }[] }) =>
  entity.id.find(({ provider }) => provider === 'connec')!.id;

describe('records', () => {
  it('get an id beside the application’s own; a change merges', async () => {
    const made = await call(
      'POST',
      people,
      { people: { id: ours('42'), first_name: 'Ada', email: { address: 'a@b.example', note: 'x' } } },
      arrays,
    );
    expect(made.status).toBe(201);
    expect(made.body.people.id).toEqual([
      { id: expect.stringMatching(/^[0-9a-f-]{36}$/), provider: 'connec', realm: 'org-1' },
      ...ours('42'),
    ]);
    const id = connecId(made.body.people);
    expect(made.headers.get('location')).toBe(`${local.url}${people}/${id}`);
    clock.advance(1_000);
    await call('PUT', `${people}/${id}`, { people: { email: { address: 'new@b.example' } } }, arrays);
    const { body } = await call('GET', `${people}/${id}`);
    expect(body.people).toMatchObject({
      id,
      group_id: 'cld-1',
      first_name: 'Ada',
      email: { address: 'new@b.example', note: 'x' },
    });
    expect(body.people.updated_at > body.people.created_at).toBe(true);
  });

  it('are listed page by page, those changed since, in order', async () => {
    for (const [index, first_name] of ['A', 'B', 'C', 'D', 'E'].entries()) {
      await call('POST', people, { people: { first_name, index } });
      clock.advance(1_000);
    }
    const names: string[][] = [];
    const filter = new URLSearchParams({
      $filter: "updated_at gt '2026-03-02T08:00:00Z'",
      $top: '2',
      $orderby: 'updated_at desc',
    });
    for (let next: string | undefined = `${people}?${filter}`; next !== undefined; ) {
      const { body } = await call('GET', next);
      names.push(body.people.map((person: { first_name: string }) => person.first_name));
      next = body.pagination.next?.slice(local.url.length);
    }
    expect(names).toEqual([
      ['E', 'D'],
      ['C', 'B'],
    ]);
  });

  it.each([
    ["first_name eq 'O''Hara' and age ge 30", 1],
    ["first_name ne 'O''Hara'", 0],
    ['age lt 30', 0],
    ["email/address eq 'o@b.example'", 1],
  ])('are found by %s', async (filter, count) => {
    await call('POST', people, { people: { first_name: "O'Hara", age: 30, email: { address: 'o@b.example' } } });
    const { body } = await call('GET', `${people}?${new URLSearchParams({ $filter: filter })}`);
    expect(body.people).toHaveLength(count);
  });

  it('refer to one another in the words of whoever asks', async () => {
    const made = await call(
      'POST',
      '/api/v2/cld-1/organizations',
      { organizations: { id: ours('org-7'), name: 'Doe' } },
      arrays,
    );
    const organizationId = connecId(made.body.organizations);
    const person = await call('POST', people, { people: { first_name: 'A', organization_id: ours('org-7') } }, arrays);
    expect(person.body.people.organization_id).toEqual(made.body.organizations.id);
    const plain = await call('GET', `${people}/${connecId(person.body.people)}`);
    expect(plain.body.people.organization_id).toBe(organizationId);
  });

  it('are made once where the matching fields agree, and twice where none are named', async () => {
    const given = { people: { first_name: 'A', email: { address: 'a@b.example' } } };
    const opts = { matching_fields: [['phone'], ['email.address']] };
    const first = await call('POST', people, given);
    const merged = await call('POST', people, { ...given, opts });
    const doubled = await call('POST', people, given);
    expect([merged.body.people.id, doubled.body.people.id !== first.body.people.id]).toEqual([
      first.body.people.id,
      true,
    ]);
  });

  it('carry no id of Connec! when they are new', async () => {
    expect((await call('POST', people, { people: { id: 'abc', first_name: 'A' } })).status).toBe(409);
  });
});

it('has one company in every group, as the marketplace knows it', async () => {
  const { body } = await call('GET', '/api/v2/cld-1/company');
  expect(body.company).toMatchObject({ name: 'Größe <GmbH>', timezone: 'Europe/Paris' });
  await call('PUT', '/api/v2/cld-1/company', { company: { name: 'Another' } });
  expect((await call('GET', '/api/v2/cld-1/company')).body.company).toMatchObject({
    id: body.company.id,
    name: 'Another',
  });
});

it('carries out a batch in its order, each operation answering for itself', async () => {
  const { status, body } = await call(
    'POST',
    '/batch',
    {
      sequential: true,
      ops: [
        { method: 'post', url: `${people}/`, params: { people: { id: ours('1'), first_name: 'A' } } },
        { method: 'put', url: `${people}/none`, params: { people: { first_name: 'B' } } },
        { method: 'get', url: `${people}/` },
      ],
    },
    arrays,
  );
  expect(status).toBe(200);
  expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 404, 200]);
  expect(body.results[2].body.people[0].id).toEqual(body.results[0].body.people.id);
});

it.each([
  ['/api/v2/cld-9/people', 401],
  ['/api/v2/cld-1/unheard_of', 400],
  ['/api/v2/cld-1/people/none', 404],
  ['/api/v2/cld-1/people?$filter=nonsense', 400],
])('answers %s with %i and says why', async (path, status) => {
  const answer = await call('GET', path);
  expect([answer.status, answer.body.errors[0].status]).toEqual([status, status]);
});

it('is closed to another marketplace, and to a group that left', async () => {
  const other = await startLocalMaestrano({ hubUrl: hub.url });
  const { id, key } = other.marketplace().api;
  await other.close();
  const foreign = { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` };
  expect((await call('GET', people, undefined, foreign)).status).toBe(401);
  local.marketplace().groups.get('cld-1')!.status = 'terminated';
  expect((await call('GET', people)).status).toBe(401);
});

describe('the hub is told', () => {
  const group = () => ({ marketplace: local.marketplace(), group: local.marketplace().groups.get('cld-1')! });

  it('of what changes here, with its own credentials and id arrays, until it has understood', async () => {
    hub.statuses.push(503);
    const record = local.desk.addRecord(group(), 'people', { first_name: 'Ada' });
    await local.settled();
    local.desk.changeRecord(group(), record, { first_name: 'Ida' });
    await local.settled();
    const { id, key } = local.marketplace().api;
    expect(new Set(hub.heard.map(({ authorization }) => authorization))).toEqual(
      new Set([`Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`]),
    );
    const told = hub.heard.map(({ body }) => JSON.parse(body).people[0]);
    expect(told.map(({ first_name }) => first_name)).toEqual(['Ada', 'Ada', 'Ida']);
    expect(told[0]).toMatchObject({ group_id: 'cld-1', id: [{ id: record.id, provider: 'connec', realm: 'org-1' }] });
    expect(hub.heard[0]!.path).toBe('/maestrano/connec/notifications/local');
  });

  it('of what it said itself, unless that is switched off', async () => {
    await call('POST', people, { people: { id: ours('1'), first_name: 'A' } }, arrays);
    await local.settled();
    expect(hub.heard).toHaveLength(1);
    local.control.echo = false;
    await call('POST', people, { people: { id: ours('2'), first_name: 'B' } }, arrays);
    await local.settled();
    expect(hub.heard).toHaveLength(1);
  });

  it('of cancellations, which it may still bill meanwhile', async () => {
    let during = '';
    hub.whileAsked = async () => {
      during = (await call('POST', '/api/v1/account/bills', { group_id: 'cld-1', price_cents: 5, description: 'last' }))
        .body.success;
    };
    expect(await local.desk.cancelGroup(group())).toMatchObject({ status: 200 });
    const late = await call('POST', '/api/v1/account/bills', {
      group_id: 'cld-1',
      price_cents: 5,
      description: 'late',
    });
    expect([during, late.body.success]).toEqual([true, false]);
    expect(hub.heard.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /maestrano/account/groups/cld-1/local',
    ]);
  });
});
