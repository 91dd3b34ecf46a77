import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, refusal, startCommands } from './support/commands.js';
import { mutationCases } from './support/mutation-cases.js';
import { allowed, type CallerName, callers, makeStage, type Stage } from './support/stage.js';

const names = Object.keys(callers) as CallerName[];

onEveryDatabase(
  'who may do what',
  (db) => {
    let server: CommandServer;
    let stage: Stage;
    let putBack: () => Promise<void>;
    beforeAll(async () => {
      server = await startCommands(db);
      stage = await makeStage(db);
      putBack = await db.remember();
    });
    afterAll(() => server.close());

    const entries = async () =>
      Number((await db.raw.read.all<{ total: number }>('SELECT COUNT(*) AS total FROM journal_entries'))[0]!.total);

    it.each(mutationCases)('$mutation is for $right', async ({ mutation, right, input, payload }) => {
      const may = allowed[right] as readonly CallerName[];
      await putBack();
      const asked = await input(stage);
      const before = await entries();
      for (const name of names.filter((caller) => !may.includes(caller))) {
        const answer = await server.mutate(callers[name](stage), mutation, asked, `{ ${payload} }`);
        expect([name, refusal(answer)]).toEqual([
          name,
          expect.stringMatching(/^(FORBIDDEN|NOT_FOUND|UNAUTHENTICATED)/),
        ]);
        expect(answer.data).toBeNull();
      }
      expect(await entries()).toBe(before);
      for (const name of may) {
        await putBack();
        const answer = await server.mutate(callers[name](stage), mutation, await input(stage), `{ ${payload} }`);
        expect([name, refusal(answer)]).toEqual([name, undefined]);
      }
    });
  },
  { emptied: 'once' },
);
