import { existsSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { chromium } from 'playwright-core';
import { type SampleServer, startSample } from './support/server.js';

const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browsing = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
let server: SampleServer;
afterEach(() => server.close());

describe('the page', () => {
  test('opens for a browser, with nothing inline and nothing from elsewhere', async () => {
    server = await startSample();
    const response = await fetch(server.url, { headers: browsing });
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(html).not.toMatch(/<script>|<style>|style=|https?:|\son[a-z]+=/);
    const files = [...html.matchAll(/(?:src|href)="(\/graphql\/ide\/[^"]+)"/g)].map((match) => match[1]!);
    expect(files).toHaveLength(6);
    for (const file of files) {
      const asset = await fetch(new URL(file, server.url));
      expect([file, asset.status]).toEqual([file, 200]);
      const again = await fetch(new URL(file, server.url), {
        headers: { 'if-none-match': asset.headers.get('etag') ?? '' },
      });
      expect(again.status).toBe(304);
    }
  });

  test('does not stand in the way of a query by GET', async () => {
    server = await startSample();
    const response = await fetch(`${server.url}?query={__typename}`, { headers: browsing });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('can be switched off', async () => {
    server = await startSample({ graphiql: false });
    expect((await fetch(server.url, { headers: browsing })).status).toBe(404);
    expect((await fetch(`${server.url}/ide/boot.js`)).status).toBe(404);
  });

  test.each(['/ide/', '/ide/../boot.js', '/ide/%2e%2e%2fadapter.js', '/ide/..%2f..%2f..%2fpackage.json', '/elsewhere'])(
    '%s is no file',
    async (path) => {
      server = await startSample();
      expect((await fetch(server.url + path)).status).toBe(404);
    },
  );
});

test('the first query fits the schema', () => {
  const script = readFileSync('src/adapters/graphql/ide/boot.js', 'utf8');
  const query = script.match(/const firstQuery = `(.+?)`;/s)?.[1] ?? '';
  const schema = buildSchema(readFileSync('schema/mercator.graphql', 'utf8'), { assumeValidSDL: true });
  expect(validate(schema, parse(query))).toEqual([]);
});

// a machine without Chromium may run the rest; in CI .ci/run installs it, and there a missing browser is a failure
const inBrowser = existsSync(browserPath) || process.env.CI === 'true' ? test : test.skip;

inBrowser('works in a browser without any other network, with a pasted token', async () => {
  server = await startSample();
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(new URL(server.url).origin) && !url.startsWith('data:')) elsewhere.push(url);
    });
    await page.goto(server.url);
    await page.getByLabel('Bearer token').fill('operator-token');
    const schemaAsked = page.waitForResponse(
      (response) => response.request().postData()?.includes('__schema') === true,
    );
    await page.keyboard.press('Tab');
    expect(await (await schemaAsked).json()).toHaveProperty('data.__schema');
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ whoami');
    await page.keyboard.press('Control+Enter');
    await page.locator('.result-window').getByText('operator').waitFor();
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
