import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Actor } from '../../src/core/shared/actor.js';
import { type Customer, makeCustomer, makeTenant, write } from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { type MercatorServer, member, operator, startMercator } from './support/mercator.js';

interface Entry {
  readonly sequence: number;
  readonly objectId: string;
}
interface Stream {
  readonly entries: Entry[];
  readonly errors: unknown[];
  readonly done: () => boolean;
  stop(): void;
}
type Connect = (server: MercatorServer, actor: Actor | undefined, query: string) => Stream;
interface Sink {
  next(value: { data?: { journal: Entry } | null; errors?: readonly unknown[] }): void;
  error(error: unknown): void;
  complete(): void;
}

function listen(subscribe: (sink: Sink) => () => void, dispose: () => void): Stream {
  const entries: Entry[] = [];
  const errors: unknown[] = [];
  let done = false;
  const stop = subscribe({
    next: ({ data, errors: refused }) => {
      if (data) entries.push(data.journal);
      errors.push(...(refused ?? []));
    },
    error: (error) => {
      errors.push(error);
      done = true;
    },
    complete: () => {
      done = true;
    },
  });
  return {
    entries,
    errors,
    done: () => done,
    stop: () => {
      stop();
      dispose();
    },
  };
}

const transports: [string, Connect][] = [
  [
    'event streams',
    (server, actor, query) => {
      const client = createEventClient({
        url: server.url,
        retryAttempts: 0,
        ...(actor && { headers: { authorization: `Bearer ${server.tokenOf(actor)}` } }),
      });
      return listen(
        (sink) => client.subscribe({ query }, sink as never),
        () => client.dispose(),
      );
    },
  ],
  [
    'WebSockets',
    (server, actor, query) => {
      const client = createSocketClient({
        url: server.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(actor && { connectionParams: { authorization: `Bearer ${server.tokenOf(actor)}` } }),
      });
      return listen(
        (sink) => client.subscribe({ query }, sink as never),
        () => void client.dispose(),
      );
    },
  ],
];

const fields = '{ sequence objectId }';

onEveryDatabase('the journal as a stream', (db) => {
  let server: MercatorServer;
  let streams: Stream[];
  let customer: Customer;

  beforeEach(async () => {
    streams = [];
    customer = await makeCustomer(db, 'acme');
    await db.persistence.journalChain.seal(1_000);
    server = await startMercator(db.persistence.readers, db.clock);
  });
  afterEach(async () => {
    for (const stream of streams) stream.stop();
    await server.close();
  });

  const open = (connect: Connect, actor: Actor | undefined, query: string, at = server): Stream => {
    const stream = connect(at, actor, query);
    streams.push(stream);
    return stream;
  };
  const make = (name: string, parentId = '') => write(db.persistence, (tx) => makeTenant(tx, name, parentId));

  describe.each(transports)('over %s', (_, connect) => {
    test('gives what is sealed from now on, in order, each once, whoever sealed it', async () => {
      const head = await db.persistence.readers.journal.head();
      const other = await db.open();
      const stream = open(connect, operator(), `subscription { journal(after: ${head}) ${fields} }`);
      const made: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        const names = ['a', 'b', 'c'].map((letter) => make(`${letter}${round}`));
        made.push(...(await Promise.all(names)).map(({ id }) => id));
        // both processes seal at once
        await Promise.all([db.persistence.journalChain.seal(2), other.journalChain.seal(100)]);
      }
      await other.journalChain.seal(100);
      await eventually(() => stream.entries.length >= made.length, { what: 'every entry' });
      expect(stream.entries.map(({ sequence }) => sequence)).toEqual(made.map((_id, index) => head + 1 + index));
      expect(stream.entries.map(({ objectId }) => objectId).sort()).toEqual([...made].sort());
      expect(stream.errors).toEqual([]);
    });

    test('without `after` only what is new; after a break from where it ended, also at another process', async () => {
      const first = open(connect, operator(), `subscription { journal ${fields} }`);
      const one = (await eventually(async () => {
        // the stream begins when its first look at the head is done: entries are made until one arrives
        await make('one');
        await db.persistence.journalChain.seal(100);
        return first.entries[0];
      }))!;
      first.stop();
      await make('two');
      await make('three');
      await db.persistence.journalChain.seal(100);
      const head = await db.persistence.readers.journal.head();

      const elsewhere = await startMercator((await db.open()).readers, db.clock);
      const second = open(connect, operator(), `subscription { journal(after: ${one.sequence}) ${fields} }`, elsewhere);
      await eventually(() => second.entries.length >= head - one.sequence);
      const expected = Array.from({ length: head - one.sequence }, (_entry, index) => one.sequence + 1 + index);
      expect(second.entries.map(({ sequence }) => sequence)).toEqual(expected);
      second.stop();
      await elsewhere.close();
    });

    test('is cut to what the caller may see, and to the filter', async () => {
      const theirs = await makeCustomer(db, 'theirs');
      const admin = member(customer.user.id, customer.tenant.id, ['ADMIN']);
      const seen = open(connect, admin, `subscription { journal(after: 0) ${fields} }`);
      const filtered = open(
        connect,
        operator(),
        `subscription { journal(after: 0, filter: { objectId: { eq: "${theirs.tenant.id}" } }) ${fields} }`,
      );
      const last = await make('last', customer.group.id);
      await db.persistence.journalChain.seal(1_000);
      await eventually(() => seen.entries.some(({ objectId }) => objectId === last.id));
      await eventually(() => filtered.entries.length > 0);
      const objects = new Set(seen.entries.map(({ objectId }) => objectId));
      expect(Object.values(theirs).filter(({ id }) => objects.has(id))).toEqual([]);
      expect(objects).toContain(customer.license.id);
      expect(filtered.entries.map(({ objectId }) => objectId)).toEqual([theirs.tenant.id]);
    });

    test.each<[string, (customer: Customer) => Actor | undefined, string]>([
      ['nobody', () => undefined, 'UNAUTHENTICATED'],
      ['a mere member', ({ user, group }) => member(user.id, group.id, ['MEMBER']), 'FORBIDDEN'],
      ['an operator without a level', () => operator(0), 'FORBIDDEN'],
    ])('refuses %s', async (_who, actor, code) => {
      const stream = open(connect, actor(customer), `subscription { journal ${fields} }`);
      await eventually(() => stream.errors.length > 0 || stream.done());
      expect(JSON.stringify(stream.errors)).toContain(code);
      expect(stream.entries).toEqual([]);
    });
  });
});
