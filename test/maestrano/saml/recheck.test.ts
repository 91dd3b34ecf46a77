import type { MarketplacePorts } from '../../../src/adapters/marketplace.js';
import { createBeginUrl, createRecheck, createSignOutUrl } from '../../../src/adapters/rest/maestrano/saml/index.js';
import type { Session } from '../../../src/core/identity/index.js';
import { minute, shift } from '../../../src/core/shared/clock.js';
import { testClock } from '../../support/clock.js';
import { usualSettings } from '../support/hub.js';

const uid = 'usr-1/é';
const voucher = { uid, session: 'a secret&token', groupUid: 'cld-1' };

/** What the two need of the hub, with a marketplace that says what a test wants. */
function open(answers: readonly (string | Error)[], settings: object = {}, channel: object = {}) {
  const clock = testClock('2026-01-05T10:00:00.000Z');
  const asked: { url: string; headers: Headers }[] = [];
  const records: string[] = [];
  const marks = new Set<string>();
  const found = { id: 'chn_1', name: 'acme', protocol: 'maestrano', discovered: null, suspendedAt: null, ...channel };
  const all = { ...usualSettings('acme'), application: 'crm', ...settings };
  const ports = {
    clock,
    publicUrl: 'https://hub.example',
    patienceMs: 1_000,
    ids: { next: () => 'req_1' },
    logger: { warn: () => undefined },
    record: (call: object) => records.push(JSON.stringify(call)),
    lookups: { channels: { find: async (id: string) => (id === found.id ? { ...found, settings: all } : undefined) } },
    seen: {
      add: async (kind: string, hash: string) => {
        const before = marks.size;
        return marks.add(`${kind} ${hash}`).size > before;
      },
    },
    fetch: async (url: string, init: RequestInit) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push({ url, headers: new Headers(init.headers) });
      if (answer instanceof Error) throw answer;
      return new Response(answer);
    },
  } as unknown as MarketplacePorts;
  const session = (change: Partial<Session> = {}): Session =>
    ({ id: 'ses_1', channelId: 'chn_1', voucher, recheckAt: clock.now(), ...change }) as Session;
  const asks = { recheck: createRecheck(ports), signOutUrl: createSignOutUrl(ports), beginUrl: createBeginUrl(ports) };
  return { clock, asked, records, session, ...asks };
}

const yes = '{"valid":true,"recheck":"2026-01-05T10:03:00Z"}';
const no = { valid: false, recheckAt: null };
const broken = new Error('connect ECONNREFUSED');

test('asks once, with the token and without credentials', async () => {
  const { recheck, session, asked, records } = open([yes]);
  expect(await recheck(session())).toEqual({ valid: true, recheckAt: '2026-01-05T10:03:00.000Z' });
  expect(asked.map(({ url }) => url)).toEqual([
    'https://api.acme.example/api/v1/auth/saml/usr-1%2F%C3%A9?session=a+secret%26token',
  ]);
  expect(asked[0]!.headers.has('authorization')).toBe(false);
  expect(records).toHaveLength(1);
  expect(records[0]).not.toContain('secret');
});

test('a no is a no, at once', async () => {
  const { recheck, session, asked } = open(['{"valid":false}', yes]);
  expect(await recheck(session())).toEqual(no);
  expect(asked).toHaveLength(1);
});

test('without an answer it asks once more', async () => {
  expect(await open([broken, yes]).recheck(open([yes]).session())).toMatchObject({ valid: true });
  expect(await open(['<html>', yes]).recheck(open([yes]).session())).toMatchObject({ valid: true });
  const endless = `{"valid":false${' '.repeat(70_000)}}`;
  expect(await open([endless, yes]).recheck(open([yes]).session())).toMatchObject({ valid: true });
  const { recheck, session, asked } = open([broken, '<html>', yes]);
  expect(await recheck(session())).toEqual(no);
  expect(asked).toHaveLength(2);
});

test('grace is one interval, until there is an answer again', async () => {
  const answers: (string | Error)[] = [broken];
  const { recheck, session, clock } = open(answers, { recheckGrace: true });
  const granted = shift(clock.now(), 3 * minute);
  expect(await recheck(session())).toEqual({ valid: true, recheckAt: granted });
  // another session has a grace of its own
  expect(await recheck(session({ id: 'ses_2' }))).toMatchObject({ valid: true });
  clock.set(granted);
  expect(await recheck(session({ recheckAt: granted }))).toEqual(no);
  answers[0] = '{"valid":true,"recheck":"2026-01-05T10:06:00Z"}';
  expect(await recheck(session({ id: 'ses_2', recheckAt: granted }))).toMatchObject({ valid: true });
  answers[0] = broken;
  clock.set('2026-01-05T10:06:00.000Z');
  expect(await recheck(session({ id: 'ses_2', recheckAt: clock.now() }))).toMatchObject({ valid: true });
});

test('grace does not soften a no', async () => {
  const { recheck, session } = open(['{"valid":false}'], { recheckGrace: true });
  expect(await recheck(session())).toEqual(no);
});

test('a suspended marketplace is asked; where none is known, nobody can be', async () => {
  const suspended = open([yes], {}, { suspendedAt: '2026-01-01T00:00:00.000Z' });
  expect(await suspended.recheck(suspended.session())).toMatchObject({ valid: true });
  const { recheck, session, asked } = open([yes]);
  expect(await recheck(session({ channelId: 'chn_2' }))).toBeUndefined();
  expect(await recheck(session({ voucher: null }))).toBeUndefined();
  expect(asked).toEqual([]);
});

test('signing out goes on to the marketplace', async () => {
  const { signOutUrl, session } = open([yes]);
  expect(await signOutUrl(session())).toBe('https://api.acme.example/app_logout?user_uid=usr-1%2F%C3%A9');
  expect(await signOutUrl(session({ voucher: null }))).toBe('');
  expect(await signOutUrl(session({ channelId: 'chn_2' }))).toBe('');
});

test('beginning again goes through our own door to the same group, while the marketplace is listed', async () => {
  const { beginUrl, session } = open([yes]);
  expect(await beginUrl(session())).toBe('https://hub.example/maestrano/auth/saml/init/acme?group_id=cld-1');
  expect(await beginUrl(session({ voucher: null }))).toBe('');
  expect(await beginUrl(session({ channelId: 'chn_2' }))).toBe('');
  const suspended = open([yes], {}, { suspendedAt: '2026-01-01T00:00:00.000Z' });
  expect(await suspended.beginUrl(suspended.session())).toBe('');
});
