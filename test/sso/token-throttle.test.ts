import { clientAddress, parseAddressList } from '../../src/platform/address.js';
import { eventually } from '../support/eventually.js';
import { startWorld, type World } from './support/world.js';

describe('the token endpoint behind a proxy', () => {
  let world: World;
  beforeAll(async () => {
    const proxies = parseAddressList(['127.0.0.0/8', '::1/128']);
    world = await startWorld({ addressOf: (request) => clientAddress(request, proxies) });
  });
  afterAll(() => world.close());

  async function ask(address: string, secret: string): Promise<number> {
    const response = await fetch(`${world.issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`backoffice:${secret}`).toString('base64')}`,
        'x-forwarded-for': address,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    await response.text();
    return response.status;
  }

  test('whoever guesses is slowed down, and nobody else', async () => {
    expect(await ask('192.0.2.1', 'backoffice-secret')).toBe(200);
    for (let guess = 0; guess < 30; guess += 1) expect(await ask('192.0.2.1', `guess-${guess}`)).toBe(401);
    await eventually(async () => (await ask('192.0.2.1', 'backoffice-secret')) === 429, {
      what: 'a refusal by address',
    });
    expect(await ask('192.0.2.2', 'backoffice-secret')).toBe(200);
  });
});
