import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { onEveryDialect } from '../support/databases.js';
import { chronicleAddress, livesOneLife, secrets } from './support/chronicle.js';
import { everythingTold } from './support/everything.js';
import { operatorPassword, type PrmHub, startPrmHub } from './support/hub.js';
import { operations } from './support/operations.js';

interface Entry {
  readonly command: string;
  readonly actorKind: string;
  readonly actorName: string;
  readonly channelId: string;
  readonly requestId: string;
  readonly address: string;
}

onEveryDialect('the journal of PRM', (dialect) => {
  let hub: PrmHub;
  let tickets: readonly string[];
  let entries: readonly Entry[];
  beforeAll(async () => {
    hub = await startPrmHub(dialect);
    tickets = await livesOneLife(hub);
    const database = await openDatabase(hub.databaseUrl, 1);
    entries = await database.read.all<Entry>(
      'SELECT command, actor_kind AS actorKind, actor_name AS actorName, channel_id AS channelId, ' +
        "request_id AS requestId, address FROM journal_entries WHERE command LIKE 'prm.%' ORDER BY id",
      [],
    );
    await database.close();
  }, 60_000);
  afterAll(() => hub.close());

  it('has every operation that changes anything', () => {
    const changing = operations.filter(({ name }) => !/^(?:get|list|count)/.test(name));
    expect(changing.length).toBe(57);
    const written = new Set(entries.map(({ command }) => command));
    expect([...written].sort()).toEqual(changing.map(({ fullName }) => `prm.${fullName}`).sort());
  });

  it('says of each who did it, on which channel, with which request and from where', () => {
    const requests = new Map<string, string>();
    for (const entry of entries) {
      const { command, actorKind, actorName, requestId } = entry;
      expect(entry).toMatchObject({ channelId: hub.channelId(), address: chronicleAddress });
      const stranger = command === 'prm.SpLogin.registerSpAccountReq';
      const name = stranger ? 'anonymous' : command.startsWith('prm.Sp') ? 'S' : 'op-admin';
      expect({ command, actorKind, actorName }).toEqual({
        command,
        actorKind: stranger ? 'anonymous' : 'serviceAccount',
        actorName: name,
      });
      expect(requests.get(requestId) ?? command).toBe(command);
      requests.set(requestId, command);
    }
    expect(hub.records.filter(({ requestId }) => requests.has(requestId))).toHaveLength(requests.size);
  });

  it('has no secret in it, nor has anything else that is kept or said', async () => {
    const told = await everythingTold(hub);
    const found = [...Object.values(secrets), operatorPassword, ...tickets].filter((secret) => told.includes(secret));
    expect(found).toEqual([]);
    expect(tickets).toHaveLength(4);
    // the marks that something was there
    const masked = ['loginReturn', 'm:password', 'm:loginTicket', 'm:changeSpAccountPassword'];
    const seen = (name: string) => new RegExp(`<${name}[^<>]*>\\*\\*\\*</${name}>`).test(told);
    expect(masked.filter((name) => !seen(name))).toEqual([]);
  });
});
