import type { ChannelServer, Marketplace } from '../../src/adapters/marketplace.js';
import { prm } from '../../src/adapters/soap/prm/index.js';
import { createChannelDirectory } from '../../src/bootstrap/channel-directory.js';
import type { Channel } from '../../src/core/marketplace/index.js';
import { testClock } from '../support/clock.js';

const channel = (name: string, settings: Channel['settings'] = {}): Channel => ({
  id: `chn_${name}`,
  version: 1,
  createdAt: '2026-01-15T09:00:00.000Z',
  name,
  protocol: 'prm',
  settings,
  position: 1,
  disabledAt: null,
  discovered: null,
  discoveredAt: null,
  suspendedAt: null,
});

describe('the channels that are served', () => {
  it('are all but those that cannot be', async () => {
    const errors: unknown[] = [];
    const directory = createChannelDirectory({
      load: async () => [channel('bad', { nonsense: 1 }), channel('broken'), channel('good')],
      marketplaces: { prm: prm as Marketplace, nec: undefined, kakapo: undefined, maestrano: undefined },
      serve(_, { name }): ChannelServer {
        if (name === 'broken') throw new Error('no certificate in PEM form');
        return { handle: async () => undefined };
      },
      clock: testClock(),
      logger: { error: (fields: unknown) => void errors.push(fields) } as never,
    });
    expect((await directory.all()).map(({ channel: { name } }) => name)).toEqual(['good']);
    expect(await directory.byName('broken', 'prm')).toBeUndefined();
    expect(errors).toMatchObject([{ channel: 'bad' }, { channel: 'broken' }]);
  });

  it.each([
    [{ trustAnchors: ['not a certificate'] }],
    [{ trustAnchors: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'] }],
    [{ trustAnchors: [''] }],
    [{ revokedCertificates: ['abc'] }],
    [{ revokedCertificates: [`${'g'.repeat(64)}`] }],
  ])('never get settings that would break them: %j', (settings) => {
    expect(prm.settings.safeParse(settings).success).toBe(false);
  });

  it('take fingerprints as openssl prints them, and as 64 digits', () => {
    const digits = 'ab'.repeat(32);
    const printed = digits.toUpperCase().match(/../g)!.join(':');
    expect(prm.settings.safeParse({ revokedCertificates: [digits, printed] }).success).toBe(true);
  });
});
