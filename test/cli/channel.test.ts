import { checkChannels } from '../../src/adapters/cli/doctor/channels.js';
import { runCli } from '../../src/adapters/cli/index.js';
import type { ChannelConnection, Rediscovery } from '../../src/adapters/marketplace.js';
import { applyDiscovery, configureChannel } from '../../src/core/marketplace/index.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { hour } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { cliHub, terminalPorts } from './support.js';

onEveryDatabase('channels listed in a directory', (db) => {
  let channelId: string;
  beforeEach(async () => {
    const made = await db.persistence.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, (tx) =>
      configureChannel(tx, { name: 'acme', protocol: 'maestrano', settings: {} }),
    );
    channelId = made.id;
  });

  const apply = (kind: 'told' | 'absent') =>
    db.persistence.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, (tx) =>
      applyDiscovery(tx, { entries: [{ channelId, entry: kind === 'told' ? { kind, discovered: {} } : { kind } }] }),
    );

  describe('doctor', () => {
    const connection: ChannelConnection = {
      environment: 'live',
      apiHost: 'https://api.acme.example',
      identityProviderHost: 'https://api.acme.example',
      dataHost: '',
      applicationHost: 'http://localhost:3000',
    };
    const look = (known: ChannelConnection | null = connection, problems: readonly string[] = []) =>
      checkChannels({
        ...cliHub(db, { PUBLIC_URL: 'http://localhost:3000' }),
        describeChannels: async (ids) => ids.map(() => known),
        problemsOfChannel: async () => problems,
      });

    it('passes over one that nothing is known of', async () => {
      expect(await look(null)).toMatchObject([
        { state: 'skipped', detail: expect.stringContaining('mercator channel discover acme') },
      ]);
    });

    it('is content with one that was confirmed, and not when that was long ago', async () => {
      await apply('told');
      expect(await look()).toMatchObject([
        { state: 'ok', detail: expect.stringContaining('https://api.acme.example') },
      ]);
      db.clock.advance(25 * hour);
      expect(await look()).toMatchObject([{ state: 'failed', detail: expect.stringContaining('last read') }]);
    });

    it('says why nobody signs in whatever the platform tells', async () => {
      await apply('told');
      expect(await look(connection, ['its plan "x" is not one of "crm"'])).toMatchObject([
        { state: 'failed', detail: 'acme: its plan "x" is not one of "crm", nobody signs in' },
      ]);
    });

    it('names one that is suspended', async () => {
      await apply('told');
      await apply('absent');
      expect(await look()).toMatchObject([{ state: 'failed', detail: expect.stringContaining('not listed') }]);
    });

    it('says when its platform leads browsers elsewhere', async () => {
      await apply('told');
      expect(await look({ ...connection, applicationHost: 'https://old.example' })).toMatchObject([
        { state: 'failed', detail: expect.stringContaining('https://old.example') },
      ]);
    });
  });

  describe('channel discover', () => {
    async function discover(answer: Rediscovery, ...args: string[]) {
      const asked: string[] = [];
      const hub = {
        ...cliHub(db),
        rediscoverChannel: async (id: string) => {
          asked.push(id);
          return answer;
        },
      };
      const terminal = terminalPorts({ openHub: async () => hub });
      const code = await runCli(['channel', 'discover', ...args], terminal.ports, new AbortController().signal);
      return { code, asked, out: terminal.out(), err: terminal.err() };
    }

    it('asks and says what changed', async () => {
      const channels = [{ channelId, name: 'acme', outcome: 'changed' as const }];
      expect(await discover({ problem: '', channels }, 'acme')).toMatchObject({
        code: 0,
        asked: [channelId],
        out: expect.stringMatching(/^acme +changed/),
      });
      const { nodes } = await db.persistence.readers.journal.page(systemActor('test'), {
        first: 10,
        filter: { command: { eq: 'cli.rediscoverChannel' } },
      });
      expect(nodes).toMatchObject([{ objectId: channelId }]);
    });

    it('fails with what was wrong, as JSON too', async () => {
      const answer = { problem: 'the platform answers with status 500', channels: [] };
      expect(await discover(answer, 'acme')).toMatchObject({ code: 1, out: expect.stringContaining('status 500') });
      const { code, out } = await discover(answer, 'acme', '--json');
      expect([code, JSON.parse(out)]).toEqual([1, { ok: false, ...answer }]);
    });

    it('knows which channels there are', async () => {
      const { code, asked, err } = await discover({ problem: '', channels: [] }, 'nobody');
      expect([code, asked, err]).toEqual([2, [], expect.stringContaining('"acme"')]);
    });
  });
});
