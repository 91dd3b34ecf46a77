import type { Browser as Chromium } from 'playwright-core';
import { type IsvApp, startIsvApp } from '../../examples/isv-app/app.mjs';
import { operations } from '../../src/adapters/soap/kakapo/contract/index.js';
import { shortPicture } from '../kakapo/clients/effects.js';
import { pressInvoke } from '../kakapo/clients/person.js';
import { pictureOf } from '../kakapo/clients/picture.js';
import { describeByZeep, foreignClients, schemaProblems } from '../kakapo/clients/run-client.js';
import { addSites, servicePath, siteOf } from '../kakapo/clients/seed.js';
import { type Step, shortStory, wholeStory } from '../kakapo/clients/story.js';
import { clientNames, tasksOf } from '../kakapo/clients/tasks.js';
import { createSoapCaller, type Parameters } from '../kakapo/support/soap.js';
import { crmCatalog } from '../support/catalog.js';
import { launchChromium, watch } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { type GraphqlClient, graphqlClient } from '../support/graphql-call.js';
import { freePort } from '../support/http.js';
import { type Hub, type HubProcess, startHub } from '../support/hub.js';
import { testDialects } from '../support/mysql.js';
import { doors, openBrowser, personToken, probeClient } from '../support/person.js';

/** Of a person at the pages of the operations. */
const person = siteOf('person');
/** Of a provider whose portal users sign in to an application. */
const site = siteOf('orchid');
const at = { serverHostName: site.host };
const password = 'Correct-Horse-9';

let chromium: Chromium;
beforeAll(async () => {
  chromium = await launchChromium();
});
afterAll(() => chromium.close());

describe.each(await testDialects())('ProvisionV3 at the built hub on %s', (dialect) => {
  let hub: Hub;
  let other: HubProcess;
  let app: IsvApp;
  let graphql: GraphqlClient;
  let url: string;

  beforeAll(async () => {
    const appPort = await freePort();
    hub = await startHub({
      dialect,
      appPort,
      // clients of others do not ask again when a hub on a busy machine says so
      env: { VALIDATE_RESPONSES: '1', MAX_EVENT_LOOP_DELAY_MS: '0' },
      seed: (seed) => {
        addSites(seed, [...clientNames.flatMap(tasksOf).map((task) => task.site), person, site]);
        seed.tenants!.at(-1).pools.push({ application: 'crm', licenseType: 'Standard', quantity: 5 });
        seed.clients!.push(probeClient);
      },
    });
    [other, app] = await Promise.all([
      hub.join({ ROLES: 'web' }),
      startIsvApp({ issuer: `${hub.publicUrl}/oidc`, port: appPort }),
    ]);
    graphql = graphqlClient(hub.publicUrl);
    url = hub.publicUrl + servicePath;
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await hub?.close();
  });

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

  it.each(clientNames)('%s plays its stories by every port it speaks, to the same effect', async (name) => {
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
      expect(await pictureOf(graphql, site.host)).toEqual(picture(site));
    }
  });

  it('a person at the pages of the operations does the same', async () => {
    const context = await chromium.newContext();
    try {
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
      await context.close();
    }
    expect(await pictureOf(graphql, person.host)).toEqual(shortPicture(person));
  });

  async function call(operation: string, parameters: Parameters): Promise<void> {
    const soap = createSoapCaller(url, { login: site.login });
    expect(await soap(operation, { ...at, ...parameters })).toMatchObject({ success: true });
  }

  /** A portal user of a group who may use the application. */
  async function addUser(name: string, place: { resellerId: string; groupId: string }): Promise<void> {
    await call('AddUserWithHierarchy', { ...place, broadworksUserId: `${name}-first@op.example` });
    await call('AddPortalUser', {
      newUserResellerId: place.resellerId,
      newUserGroupId: place.groupId,
      newUserName: name,
      newUserEmail: `${name}@op.example`,
      newUserPassword: password,
    });
    const { memberships } = await graphql.ok(
      'query($name: String!) { memberships(first: 2, filter: { loginName: { eq: $name } }) { nodes { user { id } tenant { id } } } }',
      { name },
    );
    const [{ user, tenant }] = memberships.nodes;
    const { standardId } = await crmCatalog(graphql);
    const input = { userId: user.id, tenantId: tenant.id, licenseTypeId: standardId };
    await graphql.ok('mutation($input: AssignLicenseInput!) { assignLicense(input: $input) { __typename } }', {
      input,
    });
  }

  it.each([
    ['DeletePortalUser', 'desk-1', { portalUserName: 'desk-1' }],
    ['DeleteGroup', 'desk-2', { resellerId: 'ent-desk-2', groupId: 'g1' }],
    ['DeleteReseller', 'desk-3', { resellerId: 'ent-desk-3' }],
  ])(
    '%s: a portal user’s next click is signed out, and within a second no token opens anything',
    async (operation, name, what) => {
      await addUser(name, { resellerId: `ent-${name}`, groupId: 'g1' });

      const scripted = openBrowser();
      const visit = await scripted.get(`${hub.publicUrl}/signin`);
      expect((await scripted.submit(visit, { name, password })).status).toBe(303);
      const tokens = {
        identity: await personToken(hub.publicUrl, scripted, 'openid profile'),
        api: await personToken(hub.publicUrl, scripted, 'openid hub.read'),
      };
      const ways = [hub.publicUrl, other.url].flatMap((url) =>
        Object.entries(doors).map(([door, isOpen]) => ({ door: `${door} ${url}`, isOpen: () => isOpen(url, tokens) })),
      );
      // asked twice, so that every cache of both processes knows the tokens
      for (const { isOpen } of [...ways, ...ways]) expect(await isOpen()).toBe(true);

      const context = await chromium.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto(`${app.url}/login`);
      await page.fill('#name', name);
      await page.fill('#password', password);
      await page.click('main form button');
      expect(await page.locator('#person').innerText()).toBe(name);

      await call(operation, what);
      const closed = ways.map(({ door, isOpen }) =>
        eventually(async () => !(await isOpen()), { within: 1_000, every: 20, what: `${door} being closed` }),
      );
      await page.click('#again');
      expect(await page.locator('#notice').innerText()).toBe('You have been signed out.');
      await Promise.all(closed);
      await page.click('#login');
      await page.fill('#name', name);
      await page.fill('#password', password);
      await page.click('main form button');
      expect(await page.locator('#problem').innerText()).toContain('do not go together');
      await context.close();
    },
  );

  it('leaves a journal that verifies and no error in the log', async () => {
    const { code, stdout } = await hub.cli('journal', 'verify', '--json');
    expect({ code, answer: JSON.parse(stdout) }).toMatchObject({ code: 0, answer: { ok: true, broken: null } });
    expect(hub.output()).not.toMatch(/"level":(50|60)/);
  });
});
