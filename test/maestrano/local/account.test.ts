import { createCipheriv, randomBytes } from 'node:crypto';
import { BoundedMap } from '../../../src/adapters/cli/simulate/maestrano/local/bounded.js';
import {
  addGroup,
  addReseller,
  type LocalMaestrano,
} from '../../../src/adapters/cli/simulate/maestrano/local/index.js';
import { day, minute, shift } from '../../../src/core/shared/clock.js';
import type { TestClock } from '../../support/clock.js';
import { api, begin, startWithPeople } from './support.js';

let local: LocalMaestrano;
let clock: TestClock;
let call: ReturnType<typeof api>;
beforeAll(async () => {
  ({ local, clock } = await startWithPeople());
  call = api(local);
});
afterAll(() => local.close());

const bills = '/api/v1/account/bills';
const recurring = '/api/v1/account/recurring_bills';
const wanted = { group_id: 'cld-1', price_cents: 1500, description: 'SMS pack [chg_1]' };

describe('the envelope', () => {
  it('is around every answer; what is missing is no HTTP error', async () => {
    expect(await call('GET', '/api/v1/ping')).toMatchObject({ status: 200, body: { success: true, errors: {} } });
    const missing = await call('GET', '/api/v1/account/groups/cld-none');
    expect(missing).toMatchObject({
      status: 200,
      body: { success: false, errors: { id: ['does not exist'] }, data: {} },
    });
  });

  it('refuses a wrong key', async () => {
    const authorization = `Basic ${Buffer.from(`${local.marketplace().api.id}:wrong`).toString('base64')}`;
    const refused = await call('GET', '/api/v1/account/groups', undefined, { authorization });
    expect(refused).toMatchObject({ status: 401, body: { errors: { authentication: ['Invalid API token'] } } });
  });
});

describe('bills', () => {
  it('are taken as a form or as JSON, and are in the list of their group', async () => {
    const { id, key } = local.marketplace().api;
    const form = await fetch(`${local.url}${bills}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` },
      body: new URLSearchParams({ ...wanted, price_cents: '1500', units: '3', third_party: 'true' }),
    });
    const asForm = (await form.json()) as { data: Record<string, unknown> };
    const asJson = await call('POST', bills, { ...wanted, units: '3.25', currency: 'EUR' });
    expect(asForm.data).toMatchObject({
      object: 'account_bill',
      status: 'submitted',
      currency: 'AUD',
      units: '3.0',
      third_party: true,
    });
    expect(asJson.body.data).toMatchObject({ units: '3.25', currency: 'EUR', third_party: false });
    const ids = [asForm.data.id, asJson.body.data.id];
    const listed = await call('GET', `${bills}?group_id=cld-1`);
    expect(listed.body.data.map((bill: { id: string }) => bill.id)).toEqual(expect.arrayContaining(ids));
  });

  it.each([
    [{ group_id: 'cld-9' }, { group_id: ['does not exist or cannot be charged by your service'] }],
    [{ price_cents: 0 }, { price_cents: [expect.any(String)] }],
    [{ price_cents: 1.5 }, { price_cents: [expect.any(String)] }],
    [{ description: ' ' }, { description: ["can't be blank"] }],
    [{ units: '1.234' }, { units: [expect.any(String)] }],
    [{ units: '0' }, { units: [expect.any(String)] }],
    [{ currency: 'euro' }, { currency: [expect.any(String)] }],
    [{ period_started_at: 'soon' }, { period_started_at: [expect.any(String)] }],
  ])('are refused with %j', async (change, errors) => {
    const refused = await call('POST', bills, { ...wanted, ...change });
    expect(refused).toMatchObject({ status: 400, body: { success: false, errors, data: {} } });
    expect(Object.keys(refused.body.errors)).toEqual(Object.keys(errors));
  });

  it('are canceled, also twice, unless they were invoiced', async () => {
    const { data } = (await call('POST', bills, wanted)).body;
    for (let time = 0; time < 2; time += 1) {
      const canceled = await call('DELETE', `${bills}/${data.id}`);
      expect(canceled.body).toMatchObject({ success: true, data: { status: 'cancelled' } });
    }
    local.marketplace().bills.get(data.id)!.status = 'invoiced';
    expect(await call('DELETE', `${bills}/${data.id}`)).toMatchObject({
      status: 400,
      body: { errors: { status: [expect.any(String)] } },
    });
  });
});

describe('recurring bills', () => {
  it('bill every period from their start on, an initial amount at once, and expire after their cycles', async () => {
    const group = addGroup(local.marketplace(), { uid: 'cld-recurring', name: 'R' }, clock.now());
    const start = shift(clock.now(), 10 * day);
    const { body } = await call('POST', recurring, {
      ...wanted,
      group_id: group.uid,
      period: 'month',
      cycles: 2,
      start_date: start,
      initial_cents: 99,
    });
    expect(body.data).toMatchObject({ period: 'Month', frequency: 1, status: 'submitted', remaining_cycles: 2 });
    const prices = async () => {
      const { data } = (await call('GET', `${bills}?group_id=${group.uid}`)).body;
      return data.map((bill: { price_cents: number }) => bill.price_cents);
    };
    expect(await prices()).toEqual([99]);
    clock.advance(10 * day);
    expect(await prices()).toEqual([99, 1500]);
    clock.advance(31 * day);
    expect(await prices()).toEqual([99, 1500, 1500]);
    clock.advance(90 * day);
    expect(await prices()).toEqual([99, 1500, 1500]);
    const after = await call('GET', `${recurring}/${body.data.id}`);
    expect(after.body.data).toMatchObject({ status: 'expired', remaining_cycles: 0, next_execution_at: null });
    clock.set(begin);
  });

  it.each([
    [{ period: 'Fortnight' }, 'period'],
    [{ frequency: 13 }, 'frequency'],
    [{ period: 'SemiMonth', frequency: 2 }, 'frequency'],
    [{ start_date: shift(begin, -2 * minute) }, 'start_date'],
    [{ cycles: 0 }, 'cycles'],
    [{ initial_cents: -1 }, 'initial_cents'],
  ])('are refused with %j', async (change, field) => {
    const refused = await call('POST', recurring, { ...wanted, ...change });
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([400, [field]]);
  });

  it('bill nothing any more once they are canceled', async () => {
    const { data } = (await call('POST', recurring, { ...wanted, start_date: shift(clock.now(), day) })).body;
    await call('DELETE', `${recurring}/${data.id}`);
    const before = local.marketplace().bills.size;
    clock.advance(3 * day);
    expect((await call('GET', `${recurring}/${data.id}`)).body.data.status).toBe('cancelled');
    expect(local.marketplace().bills.size).toBe(before);
    clock.set(begin);
  });
});

describe('lists', () => {
  it.each([
    ['name=Gr%C3%B6%C3%9Fe%20%3CGmbH%3E', 1],
    ['name=Another', 0],
    ['created_at_after=2026-03-02T08:00:00Z&id=cld-1', 1],
    ['created_at_strictly_after=2026-03-02T08:00:00Z&id=cld-1', 0],
    ['created_at_before=2026-03-02T08:00:00Z&id=cld-1', 1],
    ['free_trial_end_at_strictly_before=2026-03-16T08:00:00Z&id=cld-1', 0],
    ['unheard_of=1', 0],
  ])('of groups where %s has %i', async (query, count) => {
    const { body } = await call('GET', `/api/v1/account/groups?${query}`);
    expect([body.success, body.data.length]).toEqual([true, count]);
  });

  it('of people may be those of a group', async () => {
    addGroup(local.marketplace(), { uid: 'cld-few', name: 'Few' }, clock.now()).members.set('usr-2', 'Member');
    const ids = async (query: string) => {
      const { data } = (await call('GET', `/api/v1/account/users${query}`)).body;
      return data.map((person: { id: string }) => person.id);
    };
    expect([await ids('?group_id=cld-few'), await ids('?group_id=cld-none'), await ids('')]).toEqual([
      ['usr-2'],
      [],
      ['usr-1', 'usr-2'],
    ]);
  });

  it('of resellers have their groups', async () => {
    addReseller(local.marketplace(), { id: 'rsl-1', name: 'Resell', code: 'RS', country: 'FR' }, clock.now());
    addGroup(local.marketplace(), { uid: 'cld-resold', name: 'Resold', resellerId: 'rsl-1' }, clock.now());
    expect((await call('GET', '/api/v1/account/resellers/rsl-1')).body.data).toMatchObject({ code: 'RS' });
    const { data } = (await call('GET', '/api/v1/account/resellers/rsl-1/groups')).body;
    expect(data.map((group: { id: string }) => group.id)).toEqual(['cld-resold']);
  });
});

describe('users/authenticate', () => {
  function sealed(password: string): string {
    const iv = randomBytes(16);
    const key = Buffer.from(local.marketplace().api.key).subarray(0, 32);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const text = Buffer.concat([cipher.update(password, 'utf8'), cipher.final()]);
    return `${iv.toString('base64')}--${text.toString('base64')}`;
  }

  it('knows the password by uid and by address, and nothing else', async () => {
    const ask = (given: object) => call('POST', '/api/v1/account/users/authenticate', given);
    const right = sealed('correct horse');
    expect((await ask({ id: 'usr-1', password: right })).body).toMatchObject({ success: true, data: { id: 'usr-1' } });
    expect((await ask({ email: 'ADA@example.org', password: right })).body.success).toBe(true);
    const wrong = await ask({ id: 'usr-1', password: sealed('wrong') });
    expect(wrong.body).toMatchObject({ success: false, errors: { password: [expect.any(String)] } });
    expect((await ask({ id: 'usr-1', password: 'correct horse' })).body.success).toBe(false);
    expect((await ask({ id: 'usr-9', password: right })).body.errors).toEqual({ id: ['does not exist'] });
  });
});

describe('failures on purpose', () => {
  afterEach(() => {
    local.control.fail = () => undefined;
  });

  it('answer an error before anything is done', async () => {
    const before = local.marketplace().bills.size;
    local.control.fail = ({ area }) => (area === 'account' ? { kind: 'status', status: 503 } : undefined);
    expect(await call('POST', bills, wanted)).toMatchObject({
      status: 503,
      body: { errors: { system: [expect.any(String)] } },
    });
    expect(local.marketplace().bills.size).toBe(before);
  });

  it('cut the connection before or after it was done', async () => {
    const before = local.marketplace().bills.size;
    local.control.fail = () => ({ kind: 'cutBefore' });
    await expect(call('POST', bills, wanted)).rejects.toThrow();
    expect(local.marketplace().bills.size).toBe(before);
    local.control.fail = () => ({ kind: 'cutAfter' });
    await expect(call('POST', bills, wanted)).rejects.toThrow();
    expect(local.marketplace().bills.size).toBe(before + 1);
  });
});

it('forgets the oldest when there is too much', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('c', 3).set('b', 4);
  expect([...map]).toEqual([
    ['b', 4],
    ['c', 3],
  ]);
});
