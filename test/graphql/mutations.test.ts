import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, startCommands } from './support/commands.js';
import { mercatorSubgraph, operator } from './support/mercator.js';
import { mutationCases } from './support/mutation-cases.js';
import { makeStage, type Stage } from './support/stage.js';

const { schema } = await mercatorSubgraph;

it('every mutation has a case', () => {
  const mutations = Object.keys(schema.getMutationType()!.getFields());
  expect([...new Set(mutationCases.map((one) => one.mutation))].sort()).toEqual(mutations.sort());
});

it('every mutation has one input with a key and a reason', () => {
  for (const { args } of Object.values(schema.getMutationType()!.getFields())) {
    expect(args.map((arg) => arg.name)).toEqual(['input']);
    const type = schema.getType(String(args[0]!.type).replace('!', '')) as never as { getFields(): object };
    expect(Object.keys(type.getFields())).toEqual(expect.arrayContaining(['idempotencyKey', 'reason']));
  }
});

onEveryDatabase(
  'mutations',
  (db) => {
    let server: CommandServer;
    let stage: Stage;
    let putBack: () => Promise<void>;
    beforeAll(async () => {
      server = await startCommands(db);
      stage = await makeStage(db);
      putBack = await db.remember();
    });
    beforeEach(() => putBack());
    afterAll(() => server.close());

    it.each(mutationCases)('$mutation does it, journals it, and queries see it', async (one) => {
      const input = { ...(await one.input(stage)), reason: 'because' };
      const { data, errors, requestId } = await server.mutate(operator(), one.mutation, input, `{ ${one.payload} }`);
      expect(errors).toBeUndefined();
      const payload = data[one.mutation];
      expect(payload).toEqual(expect.objectContaining(one.shows ?? {}));

      const entries = await server.ask(
        operator(),
        'query J($id: String!) { journal(first: 200, filter: { requestId: { eq: $id } }) { nodes { command reason actorName } } }',
        { id: requestId },
      );
      expect(entries.errors).toBeUndefined();
      const commands = entries.data.journal.nodes as { command: string; reason: string; actorName: string }[];
      expect(commands.length).toBeGreaterThan(0);
      for (const entry of commands) {
        expect(entry.command).toMatch(new RegExp(`^[a-z]+\\.${one.mutation}$`));
        expect(entry).toMatchObject({ reason: 'because', actorName: 'Olga' });
      }

      if (one.effect === undefined) return;
      const [object, selection, expected] = one.effect;
      const query = `query Q($id: ID!) { ${object}(id: $id) { ${selection} } }`;
      const seen = await server.ask(operator(), query, { id: payload[object].id });
      expect(seen.errors).toBeUndefined();
      expect(seen.data[object]).toEqual(expect.objectContaining(expected));
    });
  },
  { emptied: 'once' },
);
