import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { projectRoot } from '../../scripts/build.mjs';
import { launchChromium, type Watched, watch } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/http.js';
import { type Hub, startHub } from '../support/hub.js';
import { testDialects } from '../support/mysql.js';

const screenshots = join(projectRoot, '.tmp/screenshots');
/** Seconds the marketplace vouches for a sign-in. */
const recheck = 2;

// A hub, a marketplace and a browser are started, each a process of its own.
jest.setTimeout(90_000);

let browser: Browser;
beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(await testDialects())('a marketplace in Chromium on %s', (dialect) => {
  let hub: Hub;
  let marketplace: Marketplace;
  let context: BrowserContext;
  let page: Page;
  let watched: Watched;

  beforeAll(async () => {
    const [appPort, port] = [await freePort(), await freePort()];
    hub = await startHub({ dialect, appPort, env: { OUTBOUND_ALLOW: `localhost:${appPort},127.0.0.1:${port}` } });
    marketplace = await startDashboard(hub, port);
  });
  afterAll(async () => {
    await marketplace?.close();
    await hub?.close();
  });
  beforeEach(() => visit());
  afterEach(async () => {
    await context.close();
    // The marketplace is another site on purpose.
    const elsewhere = watched.problems().filter((problem) => !problem.startsWith(`foreign ${marketplace.url}`));
    expect(elsewhere).toEqual([]);
  });

  async function visit(options: { javaScriptEnabled?: boolean; colorScheme?: 'dark'; width?: number } = {}) {
    const { width = 1_280, ...more } = options;
    context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'en-GB', ...more });
    watched = watch(context);
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
  }

  const show = (name: string) =>
    page.screenshot({ path: join(screenshots, `${dialect}-maestrano-${name}.png`), fullPage: true });

  async function signIn(name: string, at = 'sandbox'): Promise<void> {
    await page.goto(`${marketplace.url}/dashboard/${at}`);
    await page.getByRole('button', { name: `Sign in as ${name}` }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  const card = (name: string) => page.locator('section.card', { hasText: name });
  const launch = (name = 'Harbor Bakery') => card(name).getByRole('link', { name: 'Launch' }).click();
  const person = () => page.locator('#person').innerText();

  it('launches into the application, takes the person out there, and their next click is signed out', async () => {
    await page.goto(marketplace.url);
    await page.getByRole('link', { name: 'Open the dashboard' }).first().click();
    await show('sign-in');
    await page.getByRole('button', { name: 'Sign in as Ben' }).click();
    await show('dashboard');
    await launch();
    expect(await person()).toBe('Ben Sørensen');
    expect(page.url()).toBe(`${marketplace.application}/`);
    expect(await page.locator('#tenant').innerText()).toBe('Harbor Bakery');
    await show('application');

    const desk = await context.newPage();
    await desk.goto(`${marketplace.url}/dashboard/sandbox`);
    const ben = desk.locator('ul.people li', { hasText: 'Ben Sørensen' });
    await ben.getByRole('button', { name: 'Remove' }).click();
    expect(await desk.locator('#notice').innerText()).toBe('The person is removed, and the hub was told.');
    await page.click('#again');
    expect(await page.locator('#notice').innerText()).toBe('You have been signed out.');

    await page.goto(`${marketplace.url}/dashboard/sandbox`);
    expect(await page.locator('main').innerText()).toContain('You are in no company any more.');
  });

  it('signs out within the re-check when the person signed out at the marketplace only', async () => {
    await signIn('Cleo');
    await launch();
    expect(await person()).toBe('Cleo Marchetti');
    await page.goto(`${marketplace.url}/dashboard/sandbox`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${marketplace.application}/`);
    await eventually(
      async () => {
        const notice = page.locator('#notice');
        if ((await notice.count()) > 0) return (await notice.innerText()) === 'You have been signed out.';
        await page.reload();
        return false;
      },
      { within: (recheck + 20) * 1_000, every: 200, what: 'the application being signed out' },
    );
  });

  it('shows bills and shared data, and cancels the whole company', async () => {
    await signIn('Ada', 'sandbox-2');
    await launch('Lantern & Sons Books');
    expect(await person()).toBe('Ada Okoye');
    await page.goto(`${marketplace.url}/dashboard/sandbox-2`);
    await card('Lantern').getByRole('link', { name: 'Bills' }).click();
    await eventually(
      async () => {
        await page.reload();
        return (await page.locator('#recurring').innerText()).includes('9.00 EUR');
      },
      { within: 30_000, every: 500, what: 'the recurring bill at the marketplace' },
    );
    await show('bills');
    await page.getByRole('link', { name: 'Back to the dashboard' }).click();
    await card('Lantern').getByRole('link', { name: 'Shared data' }).click();
    await page.locator('section.wide').getByLabel('First name').fill('<b>Edda</b>');
    await page.getByRole('button', { name: 'Add, and tell the hub' }).click();
    await page.locator('section.card', { hasText: '<b>Edda</b>' }).first().waitFor();
    await show('records');
    await page.getByRole('link', { name: 'Back to the dashboard' }).click();
    await card('Lantern').getByRole('button', { name: 'Cancel the service' }).click();
    expect(await page.locator('#notice').innerText()).toBe('The service is canceled, and the hub was told.');
    await page.goto(`${marketplace.application}/`);
    expect(await page.locator('#notice').innerText()).toBe('You have been signed out.');
  });

  it('needs no JavaScript, only one press more, and fits a small dark screen', async () => {
    await context.close();
    await visit({ javaScriptEnabled: false, colorScheme: 'dark', width: 360 });
    await signIn('Ada');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    await show('dashboard-small');
    await launch();
    await show('continue');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await person()).toBe('Ada Okoye');
  });
});

interface Marketplace {
  readonly url: string;
  readonly application: string;
  close(): Promise<void>;
}

/** `mercator simulate maestrano dashboard`, as somebody at a terminal starts it. */
async function startDashboard(hub: Hub, port: number): Promise<Marketplace> {
  const { folder, databaseUrl, publicUrl, appPort } = hub;
  const ports = ['--port', String(port), '--app-port', String(appPort), '--recheck', String(recheck)];
  const child: ChildProcess = spawn(
    process.execPath,
    [join(projectRoot, 'bin/mercator.mjs'), 'simulate', 'maestrano', 'dashboard', ...ports, '--json'],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        NODE_ENV: 'production',
        PORT: new URL(publicUrl).port,
        PUBLIC_URL: publicUrl,
        DATA_DIR: folder,
        DATABASE_URL: databaseUrl,
        OUTBOUND_ALLOW: `localhost:${appPort},127.0.0.1:${port}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [output, problems] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    problems += text;
  });
  const close = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
  };
  await eventually(() => output.trim().endsWith('}') || child.exitCode !== null, {
    within: 60_000,
    what: 'the marketplace',
  });
  const answer = JSON.parse(output || '{}') as { ok?: boolean; url?: string; application?: string };
  if (answer.url === undefined || !answer.application) throw new Error(`no dashboard: ${output} ${problems}`);
  return { url: answer.url, application: answer.application, close };
}
