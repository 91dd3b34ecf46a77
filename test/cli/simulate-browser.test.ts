import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBrowser } from '../../src/adapters/cli/simulate/browser.js';

/** A page that sets a cookie of each kind, and one that says which ones it was shown. */
const cookies = ['strict=1; SameSite=Strict', 'lax=1; SameSite=Lax', 'silent=1', 'none=1; SameSite=None'];

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    let body = '';
    for await (const chunk of request) body += chunk;
    if (url.pathname === '/set') return void response.writeHead(200, { 'set-cookie': cookies }).end();
    if (url.pathname === '/go') return void response.writeHead(303, { location: '/see' }).end();
    if (url.pathname === '/form') {
      const target = url.searchParams.get('to') ?? '';
      return void response.end(
        `<form method="post" action="/other" id="other"><button>x</button></form><form id="wanted" method="post" action="${target}">
<input type="hidden" name="text" value="&lt;a &amp; b&gt;"><button name="commit" value="Go">Go</button></form>`,
      );
    }
    const shown = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')[0]);
    response.end(
      JSON.stringify({ method: request.method, shown: shown.sort().join(), body, origin: request.headers.origin }),
    );
  });
  server.listen(0);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const at = (host: string, path: string) => `http://${host}:${port}${path}`;

async function pressed(from: string, to: string) {
  const browser = createBrowser();
  await browser.open(at('localhost', '/set'));
  const page = await browser.open(at(from, `/form?${new URLSearchParams({ to: at('localhost', to) })}`));
  return JSON.parse((await browser.press(page, 'wanted')).html);
}

it('sends what a form holds, entities undone', async () => {
  expect(await pressed('localhost', '/see')).toEqual({
    method: 'POST',
    body: 'text=%3Ca+%26+b%3E&commit=Go',
    shown: 'lax,none,silent,strict',
    origin: at('localhost', ''),
  });
});

it('withholds cookies from a form of another site as browsers do, and shows lax ones once it is led on by GET', async () => {
  expect(await pressed('127.0.0.1', '/see')).toMatchObject({ shown: 'none', origin: at('127.0.0.1', '') });
  expect(await pressed('127.0.0.1', '/go')).toMatchObject({ method: 'GET', shown: 'lax,none,silent' });
});

it('says when there is no such form', async () => {
  const browser = createBrowser();
  const page = await browser.open(at('localhost', '/form'));
  await expect(browser.press(page, 'missing')).rejects.toThrow('no form missing');
});
