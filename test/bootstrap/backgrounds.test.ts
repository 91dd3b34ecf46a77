import { ChannelTaskImpossible, type Marketplace, type MarketplacePorts } from '../../src/adapters/marketplace.js';
import { createBackgrounds } from '../../src/bootstrap/backgrounds.js';
import type { Session } from '../../src/core/identity/index.js';
import type { Channel, ChannelTask } from '../../src/core/marketplace/index.js';

const channels = [
  { id: 'chn_1', name: 'acme', protocol: 'maestrano', disabledAt: null },
  { id: 'chn_2', name: 'off', protocol: 'maestrano', disabledAt: '2026-01-15T09:00:00.000Z' },
  { id: 'chn_3', name: 'quiet', protocol: 'nec', disabledAt: null },
] as unknown as readonly Channel[];

const done: string[] = [];
let passwords: boolean | undefined;
const marketplace = {
  protocol: 'maestrano',
  background: () => ({
    subscribers: [
      { name: 'bills', wants: () => true, deliver: async () => undefined },
      { name: 'asleep', wants: () => true, deliver: async () => undefined, idle: async () => true },
    ],
    loops: [{ name: 'look', interval: 1_000, run: async () => undefined }],
    work: async ({ kind }: ChannelTask) => void done.push(kind),
    recheck: async () => ({ valid: true, recheckAt: null }),
    verifyPassword: async () => passwords,
    signOutUrl: async () => 'https://acme.example/out',
    rediscover: async () => ({ problem: 'down', channels: [] }),
  }),
} as unknown as Marketplace;
const quiet = { protocol: 'nec' } as unknown as Marketplace;

const ports = {
  lookups: { channels: { find: async (id: string) => channels.find((one) => one.id === id) } },
} as unknown as MarketplacePorts;

describe('what protocols do without being called', () => {
  const backgrounds = createBackgrounds(
    { nec: quiet, prm: undefined, kakapo: undefined, maestrano: marketplace },
    ports,
  );
  const task = (channelId: string) => ({ kind: 'import', channelId }) as ChannelTask;
  const session = (channelId: string) => ({ channelId }) as Session;

  it('is put together for the relay and the worker', async () => {
    expect((await backgrounds.subscribers()).map(({ name }) => name)).toEqual(['bills']);
    expect(backgrounds.loops.map(({ name }) => name)).toEqual(['look']);
  });

  it('is done by the protocol of the channel', async () => {
    await backgrounds.work(task('chn_1'));
    expect(done).toEqual(['import']);
  });

  it('is impossible without the channel, or where the protocol has no such work; a channel that is off waits', async () => {
    await expect(backgrounds.work(task('chn_gone'))).rejects.toThrow(ChannelTaskImpossible);
    await expect(backgrounds.work(task('chn_3'))).rejects.toThrow(/^nec has no task named "import"$/);
    const waits = backgrounds.work(task('chn_2'));
    await expect(waits).rejects.toThrow('the channel off is switched off');
    await expect(waits).rejects.not.toThrow(ChannelTaskImpossible);
    expect(done).toEqual(['import']);
  });

  it('asks the marketplace that vouched, and nobody for a session of no marketplace', async () => {
    expect(await backgrounds.recheck(session('chn_1'))).toEqual({ valid: true, recheckAt: null });
    expect(await backgrounds.signOutUrl(session('chn_1'))).toBe('https://acme.example/out');
    for (const channelId of ['', 'chn_3', 'chn_gone']) {
      expect(await backgrounds.recheck(session(channelId))).toBeUndefined();
      expect(await backgrounds.signOutUrl(session(channelId))).toBe('');
    }
  });

  it('knows about a password what a marketplace says', async () => {
    for (const answer of [true, false, undefined]) {
      passwords = answer;
      expect(await backgrounds.verifyPassword('usr_1', 'x')).toBe(answer);
    }
  });

  it('asks a directory where there is one', async () => {
    expect(await backgrounds.rediscover('chn_1')).toEqual({ problem: 'down', channels: [] });
    expect(await backgrounds.rediscover('chn_3')).toMatchObject({ problem: expect.stringContaining('no directory') });
  });
});
