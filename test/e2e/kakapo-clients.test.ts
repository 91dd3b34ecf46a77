import { operations } from '../../src/adapters/soap/kakapo/contract/index.js';
import { shortPicture, wholePicture } from '../kakapo/clients/effects.js';
import { pressInvoke } from '../kakapo/clients/person.js';
import { pictureOf } from '../kakapo/clients/picture.js';
import { describeByZeep, foreignClients, type Port, schemaProblems } from '../kakapo/clients/run-client.js';
import { addSites, servicePath, siteOf } from '../kakapo/clients/seed.js';
import { type Step, shortStory, wholeStory } from '../kakapo/clients/story.js';
import { launchChromium, watch } from '../support/chromium.js';
import { graphqlClient } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { testDialects } from '../support/mysql.js';

type ClientName = keyof typeof foreignClients;
/** Everything one client does: by each port at a provider of its own. */
function tasksOf(name: ClientName) {
  const { whole, short } = foreignClients[name];
  const task = (port: Port) => ({ port, site: siteOf(`${name}-${port}`) });
  return [
    ...whole.map((port) => ({ ...task(port), story: wholeStory, picture: wholePicture })),
    ...short.map((port) => ({ ...task(port), story: shortStory, picture: shortPicture })),
  ];
}
const person = siteOf('person');
const names = Object.keys(foreignClients) as ClientName[];

describe.each(await testDialects())("other people's clients of ProvisionV3, at the built hub on %s", (dialect) => {
  let hub: Hub;
  let url: string;
  beforeAll(async () => {
    hub = await startHub({
      dialect,
      // these clients do not ask again when a hub on a busy machine says so
      env: { VALIDATE_RESPONSES: '1', MAX_EVENT_LOOP_DELAY_MS: '0' },
      seed: (seed) => addSites(seed, [...names.flatMap(tasksOf).map(({ site }) => site), person]),
    });
    url = hub.publicUrl + servicePath;
  }, 90_000);
  afterAll(() => hub.close());

  it('the story has every operation, done and refused', () => {
    const told = wholeStory({ host: 'x', client: 'x' });
    const namesOf = (steps: readonly Step[]) => [...new Set(steps.map(({ operation }) => operation))].sort();
    const all = operations.map(({ name }) => name).sort();
    expect(all).toHaveLength(39);
    expect(namesOf(told.filter(({ outcome }) => typeof outcome === 'string'))).toEqual(all);
    expect(namesOf(told.filter(({ outcome }) => typeof outcome !== 'string'))).toEqual(all);
  });

  it('zeep finds four ports in the served description, each with every operation', async () => {
    const described = await describeByZeep(url);
    const ports = [...described.matchAll(/^ +Port: (\w+) \(/gm)].map(([, name]) => name);
    expect(ports).toEqual(['ProvisionV3Soap', 'ProvisionV3Soap12', 'ProvisionV3HttpGet', 'ProvisionV3HttpPost']);
    for (const { name } of operations) expect(described.match(new RegExp(`^ +${name}\\(`, 'gm'))).toHaveLength(4);
  });

  it.each(names)('%s plays its stories by every port it speaks, to the same effect', async (name) => {
    const tasks = tasksOf(name);
    const told = tasks.flatMap(({ site, story, port }) => story(site).map((step) => ({ ...step, site, port })));
    const calls = told.map(({ port, site, operation, parameters }) => {
      return { port, operation, parameters: { ...site.login, ...parameters } };
    });
    const answers = await foreignClients[name].run(url, calls);
    const line = (at: number, outcome: unknown) => [calls[at]!.port, calls[at]!.operation, outcome];
    expect(answers.map(({ outcome }, at) => line(at, outcome))).toEqual(
      told.map(({ outcome }, at) => line(at, outcome)),
    );
    const problems = await schemaProblems(
      url,
      answers.map(({ text }) => text),
    );
    expect(problems.map((problem, at) => line(at, problem)).filter(([, , problem]) => problem !== null)).toEqual([]);
    for (const { site, picture } of tasks) {
      expect(await pictureOf(graphqlClient(hub.publicUrl), site.host)).toEqual(picture(site));
    }
  });

  it('a person at the pages of the operations does the same', async () => {
    const browser = await launchChromium();
    try {
      const context = await browser.newContext();
      const watched = watch(context);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const story = shortStory(person);
      const told = [];
      for (const { operation, parameters } of story) {
        told.push(await pressInvoke(page, url, { operation, parameters: { ...person.login, ...parameters } }));
      }
      expect(told.map(({ outcome }) => outcome)).toEqual(story.map(({ outcome }) => outcome));
      const texts = told.map(({ text }) => text);
      expect(await schemaProblems(url, texts)).toEqual(texts.map(() => null));
      expect(watched.problems()).toEqual([]);
    } finally {
      await browser.close();
    }
    expect(await pictureOf(graphqlClient(hub.publicUrl), person.host)).toEqual(shortPicture(person));
  });

  it('leaves a journal that verifies and no error in the log', async () => {
    const { code, stdout } = await hub.cli('journal', 'verify', '--json');
    expect({ code, answer: JSON.parse(stdout) }).toMatchObject({ code: 0, answer: { ok: true, broken: null } });
    expect(hub.output()).not.toMatch(/"level":(50|60)/);
  });
});
