import type { Browser as Chromium } from 'playwright-core';
import { type IsvApp, startIsvApp } from '../../examples/isv-app/app.mjs';
import { addSites, servicePath, siteOf } from '../kakapo/clients/seed.js';
import { createSoapCaller, type Parameters } from '../kakapo/support/soap.js';
import { crmCatalog } from '../support/catalog.js';
import { launchChromium } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { type GraphqlClient, graphqlClient } from '../support/graphql-call.js';
import { freePort } from '../support/http.js';
import { type Hub, type HubProcess, startHub } from '../support/hub.js';
import { testDialects } from '../support/mysql.js';
import { doors, openBrowser, personToken, probeClient } from '../support/person.js';

const site = siteOf('orchid');
const at = { serverHostName: site.host };
const password = 'Correct-Horse-9';

let chromium: Chromium;
beforeAll(async () => {
  chromium = await launchChromium();
});
afterAll(() => chromium.close());

describe.each(await testDialects())('a marketplace takes a portal user away, on %s', (dialect) => {
  let hub: Hub;
  let other: HubProcess;
  let app: IsvApp;
  let graphql: GraphqlClient;

  beforeAll(async () => {
    const appPort = await freePort();
    hub = await startHub({
      dialect,
      appPort,
      env: { MAX_EVENT_LOOP_DELAY_MS: '0' },
      seed: (seed) => {
        addSites(seed, [site]);
        seed.tenants!.at(-1).pools.push({ application: 'crm', licenseType: 'Standard', quantity: 5 });
        seed.clients!.push(probeClient);
      },
    });
    [other, app] = await Promise.all([
      hub.join({ ROLES: 'web' }),
      startIsvApp({ issuer: `${hub.publicUrl}/oidc`, port: appPort }),
    ]);
    graphql = graphqlClient(hub.publicUrl);
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await hub?.close();
  });

  async function call(operation: string, parameters: Parameters): Promise<void> {
    const soap = createSoapCaller(hub.publicUrl + servicePath, { login: site.login });
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
  ])('%s: the next click is signed out, and within a second no token opens anything', async (operation, name, what) => {
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
  });
});
