import { createHash, randomBytes } from 'node:crypto';
import { minute, shift } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import { envelope, exchange, type Reply } from './support/caller.js';
import { digestSecret, type NecHub, password, startNecHub } from './support/hub.js';

const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
const ping = '<Ping xmlns="urn:hub:ncbs:isv:v1"/>';
const faultText = '<faultcode>soap:Client</faultcode><faultstring>Authentication failed</faultstring>';

onEveryDialect('who calls', (dialect) => {
  let hub: NecHub;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
  }, 60_000);
  afterAll(() => hub.close());

  const send = (options: { basic?: string; header?: string; address?: string } = {}): Promise<Reply> =>
    exchange(hub.url('carrier'), envelope(ping, options.header), {
      'content-type': 'text/xml; charset=utf-8',
      'x-test-address': options.address ?? '127.0.0.1',
      ...(options.basic !== undefined && {
        authorization: `Basic ${Buffer.from(options.basic).toString('base64')}`,
      }),
    });
  const token = (content: string): string =>
    `<w:Security xmlns:w="${wsse}" xmlns:u="${wsu}" s:mustUnderstand="1"><w:UsernameToken>${content}</w:UsernameToken></w:Security>`;
  const text = (username: string, secret: string): string =>
    token(`<w:Username>${username}</w:Username><w:Password Type="${profile}#PasswordText">${secret}</w:Password>`);
  const digest = ({
    secret = digestSecret,
    username = 'mkp-carrier',
    nonce = randomBytes(16),
    created = hub.clock.now(),
  } = {}) =>
    token(
      `<w:Username>${username}</w:Username><w:Password Type="${profile}#PasswordDigest">` +
        `${createHash('sha1').update(nonce).update(created).update(secret).digest('base64')}</w:Password>` +
        `<w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created>${created}</u:Created>`,
    );
  const accepted = (reply: Reply): void => {
    expect(reply.text).toContain('<resultCode>0</resultCode>');
    expect(reply.status).toBe(200);
  };
  const refused = (reply: Reply, status: number): void => {
    expect(reply.text).toContain(faultText);
    expect(reply.text).toContain('<detail><authenticationFailed');
    expect(reply.status).toBe(status);
  };

  it('shows a password by Basic or by token, or a digest', async () => {
    accepted(await send({ basic: `mkp-carrier:${password}` }));
    accepted(await send({ header: text('mkp-carrier', password) }));
    accepted(await send({ header: digest() }));
  });

  it('is refused alike for whatever is wrong: 401 for Basic, 500 for a token', async () => {
    const at = { address: '198.51.100.1' };
    refused(await send(at), 401);
    refused(await send({ ...at, basic: 'mkp-carrier:wrong' }), 401);
    refused(await send({ ...at, basic: `nobody:${password}` }), 401);
    refused(await send({ ...at, basic: `mkp-rival:${password}` }), 401); // another connection's account
    refused(await send({ ...at, header: text('mkp-carrier', 'wrong') }), 500);
    refused(await send({ ...at, header: digest({ secret: password }) }), 500);
    refused(await send({ ...at, header: digest({ username: 'mkp-listed' }) }), 500); // no digest for this account
  });

  it('may use a digest once, in its time', async () => {
    const header = digest();
    accepted(await send({ header }));
    const at = { address: '198.51.100.2' };
    refused(await send({ ...at, header }), 500);
    refused(await send({ ...at, header: digest({ created: shift(hub.clock.now(), -6 * minute) }) }), 500);
    refused(await send({ ...at, header: digest({ created: shift(hub.clock.now(), 6 * minute) }) }), 500);
    const once = digest();
    const replies = await Promise.all(Array.from({ length: 6 }, () => send({ header: once, address: '198.51.100.3' })));
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1);
  });

  it('must come from a listed address, before the password is looked at', async () => {
    const basic = `mkp-listed:${password}`;
    accepted(await send({ basic, address: '192.0.2.7' }));
    refused(await send({ basic, address: '198.51.100.4' }), 401);
  });

  it('is blocked for 15 minutes after ten failures from one address, with the same answer', async () => {
    const address = '198.51.100.5';
    for (let n = 0; n < 10; n += 1) refused(await send({ address, basic: 'mkp-carrier:wrong' }), 401);
    refused(await send({ address, basic: `mkp-carrier:${password}` }), 401);
    refused(await send({ address, header: text('mkp-carrier', password) }), 500);
    accepted(await send({ address: '198.51.100.6', basic: `mkp-carrier:${password}` }));
    hub.clock.advance(16 * minute);
    accepted(await send({ address, basic: `mkp-carrier:${password}` }));
  });

  it('must not be bound to one tenant', async () => {
    await hub.model(async (tx) => {
      const [account] = await tx.serviceAccounts.findMany({ username: 'mkp-listed' });
      await tx.serviceAccounts.save(account!, { tenantId: 'ten_00000000000000000000000000' });
    });
    refused(await send({ basic: `mkp-listed:${password}`, address: '192.0.2.7' }), 401);
  });

  it('finds the operation by the Body when the SOAPAction says nothing', async () => {
    for (const soapaction of ['', '""', '"urn:something-else"', '"urn:hub:ncbs:isv:v1/Ping"']) {
      accepted(
        await exchange(hub.url('carrier'), envelope(ping), {
          'content-type': 'text/xml',
          soapaction,
          authorization: `Basic ${Buffer.from(`mkp-carrier:${password}`).toString('base64')}`,
        }),
      );
    }
    const unknown = await exchange(hub.url('carrier'), envelope('<Pong xmlns="urn:hub:ncbs:isv:v1"/>'), {
      'content-type': 'text/xml',
      authorization: `Basic ${Buffer.from(`mkp-carrier:${password}`).toString('base64')}`,
    });
    expect(unknown).toMatchObject({ status: 500 });
    expect(unknown.text).toContain('Unable to handle request without a valid action parameter');
  });

  it('gets nothing at other paths', async () => {
    const reply = await exchange(`${hub.url('carrier')}/x`, envelope(ping), { 'content-type': 'text/xml' });
    expect(reply).toEqual({ status: 404, text: '' });
  });
});
