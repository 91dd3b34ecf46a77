import { operations } from '../../../src/adapters/soap/kakapo/contract/index.js';
import { launchChromium } from '../../support/chromium.js';
import { rawRequest } from '../../support/http.js';
import { interfaceUser, type KakapoHub, openKakapoHub, providerHost, servicePath } from '../support/hub.js';

let hub: KakapoHub;
beforeAll(async () => {
  hub = await openKakapoHub('sqlite', {
    channels: { closed: { getBinding: false, operationAliases: { MakeGroup: 'AddGroup' } } },
  });
});
afterAll(() => hub.close());

async function page(query = '', channel?: string) {
  const response = await fetch(`${hub.url(channel)}${query}`);
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const here = (): string => hub.url();

describe('the list page', () => {
  it('names the service and every operation by name, with what it does', async () => {
    for (const query of ['', '?', '?anything', '?op=']) {
      const { status, headers, html } = await page(query);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(html).toContain('<title>ProvisionV3 Web Service</title>');
      expect(html).toContain('<h1>ProvisionV3</h1>');
      expect(html).toContain(
        `The following operations are supported.  For a formal definition, please review the <a href="${here()}?WSDL">Service Description</a>.`,
      );
      expect(html).toContain(`<link rel="alternate" type="text/xml" href="${here()}?disco">`);
      const listed = [...html.matchAll(/<li><a href="([^"]*)">(\w+)<\/a>\n<p>([^<]*)<\/p><\/li>/g)];
      const expected = operations.map(({ name, description }) => [`${here()}?op=${name}`, name, description]);
      expect(listed.map(([, href, name, text]) => [href, name, text])).toEqual(
        expected.toSorted(([, one], [, other]) => (one! < other! ? -1 : 1)),
      );
    }
  });
});

describe('the page of an operation', () => {
  it('sends its form to the name of this machine that the browser used, and to no other host', async () => {
    const { protocol, hostname, port } = new URL(here());
    const other = hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    const send = async (host: string) => {
      const line = `GET ${servicePath}?op=AddGroup HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      return (await rawRequest({ port: hub.port, send: line })).text;
    };
    expect(await send(`${other}:${port}`)).toContain(`action="${protocol}//${other}:${port}${servicePath}/AddGroup"`);
    for (const host of ['evil.example', `evil.example:${port}`, `${other}:1`, '"><b>']) {
      expect(await send(host)).toContain(`action="${here()}/AddGroup"`);
    }
  });

  it('has a form to try it', async () => {
    const { html } = await page('?op=AddPortalUser');
    expect(html).toContain(`Click <a href="${here()}">here</a> for a complete list of operations.`);
    expect(html).toContain('<h2>AddPortalUser</h2>');
    expect(html).toContain('<h3>Test</h3>');
    expect(html).toContain(
      `<form method="POST" target="_blank" rel="noopener" action="${here()}/AddPortalUser" autocomplete="off">`,
    );
    const inputs = [...html.matchAll(/<input id="(\w+)" name="(\w+)" type="(\w+)" size="50" autocomplete="off"/g)];
    const { parameters } = operations.find(({ name }) => name === 'AddPortalUser')!;
    expect(inputs.map(([, id, name, type]) => [id, name, type])).toEqual(
      parameters.map(({ name }) => [name, name, name.endsWith('Password') ? 'password' : 'text']),
    );
    expect(html).toMatch(/<button type="submit">Invoke<\/button>/);
  });

  it('shows a message of each binding', async () => {
    const { html } = await page('?op=GetUserLicenses');
    const string = '<font class="value">string</font>';
    const key = (name: string): string => `<font class="key">${name}</font>=${string}`;
    const form = ['loginUserName', 'loginPassword', 'serverHostName', 'broadworksUserId'].map(key).join('&amp;');
    for (const binding of ['SOAP 1.1', 'SOAP 1.2', 'HTTP GET', 'HTTP POST']) {
      expect(html).toContain(
        `<h3>${binding}</h3>\n<p>The following is a sample ${binding} request and response.  The placeholders shown need to be replaced with actual values.</p>`,
      );
    }
    const host = `Host: 127.0.0.1:${hub.port}`;
    expect(html).toContain(`<pre>POST ${servicePath} HTTP/1.1
${host}
Content-Type: text/xml; charset=utf-8
Content-Length: <font class="value">length</font>
SOAPAction: &quot;http://kakaposystems.com/GetUserLicenses&quot;

&lt;?xml version=&quot;1.0&quot; encoding=&quot;utf-8&quot;?&gt;
&lt;soap:Envelope xmlns:xsi=`);
    expect(html).toContain(`      &lt;broadworksUserId&gt;${string}&lt;/broadworksUserId&gt;
    &lt;/GetUserLicenses&gt;
  &lt;/soap:Body&gt;
&lt;/soap:Envelope&gt;</pre>`);
    expect(html).toContain('&lt;soap12:Envelope ');
    expect(html).toContain(`<pre>GET ${servicePath}/GetUserLicenses?${form} HTTP/1.1\n${host}</pre>`);
    expect(html).toContain(`<pre>POST ${servicePath}/GetUserLicenses HTTP/1.1
${host}
Content-Type: application/x-www-form-urlencoded
Content-Length: <font class="value">length</font>

${form}</pre>`);
    expect(html).toContain(`&lt;UserLicensesResponse xmlns=&quot;http://kakaposystems.com&quot;&gt;
  &lt;success&gt;<font class="value">boolean</font>&lt;/success&gt;
  &lt;errorMessage&gt;${string}&lt;/errorMessage&gt;
  &lt;licenses&gt;
    &lt;UserLicense&gt;`);
  });

  it('leaves out HTTP GET where it is off, and is found by an alias', async () => {
    const { html } = await page('?op=MakeGroup', 'closed');
    expect(html).toContain('<h2>AddGroup</h2>');
    expect(html).not.toContain('HTTP GET');
    expect(html).toContain('<h3>HTTP POST</h3>');
  });

  it('says when there is none of that name, as text', async () => {
    const { status, html } = await page(`?op=${encodeURIComponent('<img src=x onerror=alert(1)>"\'')}`);
    expect(status).toBe(200);
    expect(html).toContain('<h2>Method Not Found</h2>');
    expect(html).toContain(`Method '&lt;img src=x onerror=alert(1)&gt;&quot;'' was not found in service ProvisionV3.`);
    expect(html).not.toContain('<img');
  });
});

describe('every page', () => {
  it('forbids scripts, frames, sniffing and telling others', async () => {
    for (const query of ['', '?op=AddGroup', '?op=Nope', '/']) {
      const { headers, html } = await page(query);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/style-src 'sha256-[\w+/]{43}='/);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(html).not.toMatch(/<script|\sstyle=|\son\w+=/);
    }
  });

  it('is styled in a browser, and its form calls the operation in a new tab', async () => {
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 700 } });
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
      });
      const tab = await context.newPage();
      await tab.goto(`${here()}?op=GetResellers`);
      await tab.getByLabel('loginUserName').fill(interfaceUser.loginUserName);
      await tab.getByLabel('loginPassword').fill(interfaceUser.loginPassword);
      await tab.getByLabel('serverHostName').fill(providerHost);
      const width = (await tab.locator('form').boundingBox())!.width;
      const [opened] = await Promise.all([
        context.waitForEvent('page'),
        tab.getByRole('button', { name: 'Invoke' }).click(),
      ]);
      await opened.waitForLoadState();
      expect(opened.url()).toBe(`${here()}/GetResellers`);
      expect(await opened.content()).toContain('<success>true</success>');
      expect(width).toBeLessThan(345);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
