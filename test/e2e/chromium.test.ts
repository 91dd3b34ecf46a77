import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type IsvApp, startIsvApp } from '../../examples/isv-app/app.mjs';
import { projectRoot } from '../../scripts/build.mjs';
import type { Caller } from '../nec/support/caller.js';
import { launchChromium, type Watched, watch } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/http.js';
import { type Hub, startHub } from '../support/hub.js';
import { credentials } from '../support/hub-seed.js';
import { testDialects } from '../support/mysql.js';
import { marketplace } from '../support/soap-call.js';

const screenshots = join(projectRoot, '.tmp/screenshots');
const realm = { realmId: 'R-browser' };
const nora = { ...realm, userId: 'U-nora' };

let browser: Browser;
beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(await testDialects())('people in Chromium on %s', (dialect) => {
  let hub: Hub;
  let app: IsvApp;
  let call: Caller;
  let context: BrowserContext;
  let page: Page;
  let watched: Watched;

  beforeAll(async () => {
    const appPort = await freePort();
    hub = await startHub({ dialect, appPort });
    app = await startIsvApp({ issuer: `${hub.publicUrl}/oidc`, port: appPort });
    call = marketplace(hub.publicUrl);
    await done('CreateRealm', {
      ...realm,
      customerId: 'C-browser',
      customerName: 'Größe & Söhne',
      applicationId: 'crm',
      offerCode: 'crm-month',
      licences: [{ licenceCode: 'Standard', quantity: 2 }],
    });
    const user = { userId: 'U-nora', firstName: 'Nora', lastName: 'Okafor', email: 'nora@groesse.example' };
    await done('CreateUser', { ...realm, user });
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await hub?.close();
  });
  beforeEach(async () => {
    [context, watched] = await visitor();
    page = await context.newPage();
    page.setDefaultTimeout(5_000);
  });
  afterEach(async () => {
    await context.close();
    expect(watched.problems()).toEqual([]);
  });

  async function visitor(options: { javaScriptEnabled?: boolean } = {}): Promise<[BrowserContext, Watched]> {
    const made = await browser.newContext({ viewport: { width: 1000, height: 700 }, locale: 'en-GB', ...options });
    return [made, watch(made)];
  }

  async function done(operation: string, input: object) {
    const answer = await call(operation, input);
    expect(answer).toMatchObject({ resultCode: 0 });
    return answer;
  }

  const show = (name: string) => page.screenshot({ path: join(screenshots, `${dialect}-${name}.png`), fullPage: true });
  const heading = () => page.locator('h1').innerText();

  /** The marketplace's button: its Login over SOAP, then the URL in the browser. */
  async function enter(): Promise<void> {
    const { ssoUrl } = await done('Login', nora);
    await page.goto(ssoUrl);
    expect(page.url()).toBe(`${app.url}/`); // where its home page asks the hub, once and without a page, who this is
  }

  async function enterApplication(): Promise<void> {
    await enter();
    expect(await page.locator('#person').innerText()).toBe('Nora Okafor');
  }

  async function signIn({ email, password }: { email: string; password: string }): Promise<void> {
    await page.goto(`${app.url}/login`);
    await page.fill('#name', email);
    await page.fill('#password', password);
    await page.click('main form button');
  }

  it('leads from the marketplace into the application without a password', async () => {
    await enterApplication();
    expect(page.url()).toBe(`${app.url}/`);
    expect(await page.locator('#tenant').innerText()).toBe('Größe & Söhne');
    expect(await page.locator('#entitlements tbody').innerText()).toMatch(/crm\s+crm-month\s+Standard/);
    await show('application');
  });

  it('signs out within a second of the SOAP answer, keeps out while disabled and lets in again', async () => {
    await enterApplication();
    await done('UpdateUserStatus', { ...nora, status: 7 });
    const answered = performance.now();
    await page.click('#again');
    expect(await page.locator('#notice').innerText()).toBe('You have been signed out.');
    expect(performance.now() - answered).toBeLessThan(1_000);
    await eventually(() => app.logouts.length > 0, { what: 'the logout token at the application' });
    await show('signed-out-by-marketplace');

    expect(await call('Login', nora)).toMatchObject({ resultCode: 7 });
    await page.click('#login');
    expect(page.url()).toContain('/signin?');

    await done('UpdateUserStatus', { ...nora, status: 1 });
    await enterApplication();
  });

  it('takes a sign-in link once', async () => {
    const { ssoUrl } = await done('Login', nora);
    await page.goto(ssoUrl);
    const again = await page.goto(ssoUrl);
    expect(again?.status()).toBe(403);
    expect(await heading()).toBe('Session expired');
    await show('expired');
  });

  it('asks for a password, says when it is wrong, signs in and out', async () => {
    await page.goto(`${app.url}/login`);
    expect(await heading()).toBe('Sign in');
    await show('sign-in');
    await signIn({ ...credentials.mina, password: 'not the password' });
    expect(await page.locator('#problem').innerText()).toContain('do not go together');
    expect(await page.inputValue('#name')).toBe(credentials.mina.email);
    expect(await page.inputValue('#password')).toBe('');
    await show('wrong-password');
    await page.fill('#password', credentials.mina.password);
    await page.click('main form button');
    expect(await page.locator('#person').innerText()).toBe('Mina Sato');
    await page.click('#logout');
    expect(page.url()).toBe(`${app.url}/`);
    await page.click('#login');
    expect(await heading()).toBe('Sign in');
  });

  it('says why somebody without a license is not let in', async () => {
    await signIn(credentials.lena);
    expect(await heading()).toContain('You cannot use Orchid CRM now');
    expect(await page.locator('main').innerText()).toContain('No license of this application is assigned to you');
    await show('not-entitled');
  });

  it('shows the landing page', async () => {
    await page.goto(hub.publicUrl);
    await show('landing');
    for (const link of await page.locator('a[href]').all()) {
      const href = new URL((await link.getAttribute('href')) ?? '', hub.publicUrl).href;
      if (href.startsWith(hub.publicUrl))
        expect({ href, ok: (await fetch(href, { headers: { accept: 'text/html,*/*' } })).status < 400 }).toEqual({
          href,
          ok: true,
        });
    }
  });

  it('needs no JavaScript: signed in, signed out with a question, signed-out page', async () => {
    const [plain, noted] = await visitor({ javaScriptEnabled: false });
    page = await plain.newPage();
    page.setDefaultTimeout(5_000);
    await signIn(credentials.mina);
    expect(await page.locator('#person').innerText()).toBe('Mina Sato');
    await page.goto(`${hub.publicUrl}/signin`);
    await show('signed-in');
    await page.goto(`${hub.publicUrl}/signin/sign-out`);
    expect(await heading()).toBe('Sign out?');
    await show('sign-out');
    await page.click('main form button');
    expect(await heading()).toBe('You are signed out');
    await show('signed-out');
    await page.goto(app.url);
    expect(await page.locator('#notice').innerText()).toBe('You have been signed out.');
    expect(noted.problems()).toEqual([]);
    await plain.close();
  });

  it('keeps nothing of a signed-in page after sign-out', async () => {
    await enterApplication();
    await page.goto(`${hub.publicUrl}/signin`);
    expect(await page.locator('main').innerText()).toContain('Nora Okafor');
    await done('Logout', nora);
    await page.goto(app.url);
    await page.goBack();
    expect(await page.locator('body').innerText()).not.toContain('Nora Okafor');
  });
});
