import type { MarketplacePorts, RecordedCall } from '../../../src/adapters/marketplace.js';
import { billForm, isMarked, markedText } from '../../../src/adapters/rest/maestrano/account/bill-text.js';
import { createAccountApi, isMissing } from '../../../src/adapters/rest/maestrano/account/index.js';
import { UnusableKey } from '../../../src/adapters/rest/maestrano/account/password-cipher.js';
import type { Connection } from '../../../src/adapters/rest/maestrano/connection.js';
import type { Charge } from '../../../src/core/billing/index.js';
import { testClock } from '../../support/clock.js';
import { outgoingPorts } from '../../support/outgoing-ports.js';
import { type AccountApiServer, startAccountApi, type Trouble } from '../support/account-api.js';

const clock = testClock();
const records: RecordedCall[] = [];
let server: AccountApiServer;
beforeAll(async () => {
  server = await startAccountApi({ now: () => clock.now() });
});
beforeEach(() => {
  server.reset();
  records.length = 0;
  server.groups.set('cld-1', { uid: 'cld-1', status: 'running' });
});
afterAll(() => server.close());

function open(key = server.credentials.key, fetch: MarketplacePorts['fetch'] = globalThis.fetch) {
  const api = { id: server.credentials.id, key, host: server.url, base: '/api/v1/' };
  const ports = {
    ...outgoingPorts(clock),
    fetch,
    patienceMs: 300,
    record: (call: RecordedCall) => void records.push(call),
  };
  return createAccountApi(ports, { api } as Connection, 'chn_1');
}

const form = (fields: Record<string, string> = {}) =>
  new URLSearchParams({ group_id: 'cld-1', price_cents: '100', description: 'x', currency: 'EUR', ...fields });

describe('the account API', () => {
  it('asks for everything there is', async () => {
    const api = open();
    server.passwords.set('usr-1', 'secret');
    server.resellers.set('rsl-1', 'Reseller');
    expect(await api.ping()).toBe('pong');
    expect(await api.groups()).toMatchObject([{ id: 'cld-1', status: 'running', city: '', has_credit_card: true }]);
    expect(await api.group('cld-1')).toMatchObject({ name: 'Group cld-1' });
    expect(await api.users()).toMatchObject([{ id: 'usr-1', surname: 'L' }]);
    expect(await api.user('usr-1')).toMatchObject({ email: 'usr-1@example.com' });
    expect(await api.resellers()).toMatchObject([{ id: 'rsl-1', name: 'Reseller' }]);
    expect(await api.reseller('rsl-1')).toMatchObject({ country: 'AU' });
    expect(await api.groupsOfReseller('rsl-1')).toMatchObject([{ id: 'cld-1' }]);
    const bill = await api.bills.create(form());
    expect(bill).toMatchObject({ id: 'bill-1', price_cents: 100n, status: 'submitted', units: '1.0' });
    const recurring = await api.recurringBills.create(form({ period: 'Month' }));
    expect(recurring.id).toBe('rbill-2');
    expect(await api.bills.ofGroup('cld-1')).toEqual([bill]);
    expect(await api.bills.ofGroup('cld-2')).toEqual([]);
    expect(await api.bills.one('bill-1')).toEqual(bill);
    expect(await api.recurringBills.cancel('rbill-2')).toMatchObject({ status: 'cancelled' });
    expect(await api.recurringBills.cancel('rbill-2')).toMatchObject({ status: 'cancelled' });
    expect(
      server.calls.every(
        ({ path }) => !path.includes('?') || path.endsWith('?group_id=cld-1') || path.endsWith('?group_id=cld-2'),
      ),
    ).toBe(true);
  });

  it('takes the answer of 200 that says there is no such record for what it is', async () => {
    const api = open();
    expect(await api.bills.one('bill-9')).toBeUndefined();
    expect(await api.group('cld-9')).toBeUndefined();
    expect(await api.user('..')).toBeUndefined();
    const error = await api.bills.cancel('bill-9').catch((thrown: unknown) => thrown);
    expect(isMissing(error)).toBe(true);
  });

  it.each<[Trouble, string]>([
    ['silentAfter', 'unanswered'],
    ['brokenAfter', 'unanswered'],
    ['failBefore', 'unanswered'],
    ['garbageAfter', 'unanswered'],
    ['denied', 'denied'],
    ['busy', 'busy'],
  ])('says what kind of failure %s is', async (trouble, kind) => {
    server.plan('GET', trouble);
    await expect(open().groups()).rejects.toMatchObject({ kind });
  });

  it.each<[number, unknown, string]>([
    [502, 'Bad Gateway', 'unanswered'],
    [503, { success: false, errors: {} }, 'unanswered'],
    [504, '', 'unanswered'],
    [200, { data: [] }, 'unanswered'],
    [200, { success: true, data: [{ name: 'without an id' }] }, 'unanswered'],
    [302, '', 'unanswered'],
    [404, '<html>', 'unanswered'],
    [400, { success: false, errors: { price_cents: ['is odd', 'is small'] } }, 'refused'],
    [422, { success: false, errors: { price_cents: ['is odd', 'is small'] } }, 'refused'],
    [200, { success: false, errors: { price_cents: ['is odd', 'is small'] } }, 'refused'],
    [400, { success: true, data: [] }, 'refused'],
    [403, { success: false }, 'denied'],
    [429, '', 'busy'],
  ])('reads %d %j as %s', async (status, body, kind) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const api = open(undefined, async () => new Response(text, { status }));
    await expect(api.bills.ofGroup('cld-1')).rejects.toMatchObject({ kind });
  });

  it('takes a success that is a text, and ids that are numbers', async () => {
    const answered = (body: unknown) => open(undefined, async () => Response.json(body)).bills.ofGroup('cld-1');
    expect(await answered({ success: 'true', data: [{ id: 77 }, { id: 'bill-78' }] })).toMatchObject([
      { id: '77' },
      { id: 'bill-78' },
    ]);
    await expect(answered({ success: 'false', errors: { base: ['no'] } })).rejects.toMatchObject({ kind: 'refused' });
    await expect(answered({ success: 'perhaps', data: [] })).rejects.toMatchObject({ kind: 'unanswered' });
  });

  it('names the fields that are refused', async () => {
    const refused = open().bills.create(form({ price_cents: '0', units: '0' }));
    await expect(refused).rejects.toMatchObject({
      kind: 'refused',
      errors: { price_cents: ['must be an integer greater than 0'], units: ['must be greater than 0'] },
    });
  });

  it('checks a password without ever sending or recording it', async () => {
    server.passwords.set('usr-1', 'pässwörd');
    const api = open();
    expect(await api.authenticate({ id: 'usr-1' }, 'pässwörd')).toMatchObject({ id: 'usr-1' });
    expect(await api.authenticate({ id: 'usr-1' }, 'wrong')).toBeUndefined();
    await expect(api.authenticate({ id: 'usr-2' }, 'x')).rejects.toMatchObject({ kind: 'refused' });
    const [first, second] = server.calls.map((call) => call.form.get('password')!);
    expect(first).toMatch(/^[A-Za-z0-9+/]{22}==--[A-Za-z0-9+/]+=*$/);
    expect(first!.split('--')[0]).not.toBe(second!.split('--')[0]);
    const shown = JSON.stringify(records);
    for (const secret of [first!, encodeURIComponent(first!), server.credentials.key, 'Basic', 'secret-session'])
      expect(shown).not.toContain(secret);
    expect(records[0]).toMatchObject({
      direction: 'out',
      channelId: 'chn_1',
      operation: 'POST account/users/authenticate',
      status: 200,
    });
    expect(records[0]!.request).toContain('password=***');
  });

  it('cannot encrypt with a key that is too short', async () => {
    await expect(open('short').authenticate({ id: 'usr-1' }, 'x')).rejects.toThrow(UnusableKey);
    expect(server.calls).toHaveLength(0);
  });

  it('records calls that failed, without ids in their names', async () => {
    server.plan('GET', 'silentBefore');
    await open()
      .recurringBills.one('rbill-7')
      .catch(() => undefined);
    expect(records).toMatchObject([{ operation: 'GET account/recurring_bills/:id', status: 0, response: '' }]);
  });
});

describe('what a bill says', () => {
  const id = 'chg_00000000000000000000000001';
  const charge = (change: Partial<Charge>) =>
    ({
      id,
      kind: 'AD_HOC',
      description: 'x',
      priceMinor: 1_000n,
      offsetMinor: 0n,
      units: '1',
      currency: 'EUR',
      periodStartsAt: null,
      periodEndsAt: null,
      thirdParty: false,
      interval: null,
      startsAt: null,
      ...change,
    }) as Charge;

  it('keeps the marker whatever the text', () => {
    expect(markedText('SMS pack', id)).toBe(`SMS pack [${id}]`);
    const long = markedText('😀'.repeat(300), id);
    expect([...long]).toHaveLength(255);
    expect(isMarked(long, id)).toBe(true);
    expect(isMarked(`${long} `, id)).toBe(true);
    expect(isMarked(`${long} and more`, id)).toBe(false);
    expect(isMarked(markedText('x', 'chg_other'), id)).toBe(false);
  });

  it('sends a part of a period without what was offset', () => {
    expect(billForm(charge({ kind: 'PRORATION', offsetMinor: 300n }), 'g', clock.now()).get('price_cents')).toBe('700');
  });

  it.each([
    ['day', 'Day'],
    ['week', 'Week'],
    ['month', 'Month'],
    ['year', 'Year'],
  ] as const)('calls a %s %s', (interval, period) => {
    expect(billForm(charge({ kind: 'RECURRING', interval }), 'g', clock.now()).get('period')).toBe(period);
  });

  it('never starts before the moment it may', () => {
    const startsAt = '2026-02-01T00:00:00.001Z';
    const form = billForm(charge({ kind: 'RECURRING', interval: 'month', startsAt }), 'g', clock.now());
    expect(form.get('start_date')).toBe('2026-02-01T00:00:01Z');
  });
});
