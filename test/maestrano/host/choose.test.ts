import type { IncomingMessage } from 'node:http';
import { maestranoSettings } from '../../../src/adapters/rest/maestrano/config.js';
import type { MaestranoChannel } from '../../../src/adapters/rest/maestrano/connection.js';
import { readList } from '../../../src/adapters/rest/maestrano/discovery/read-list.js';
import { chooseChannel } from '../../../src/adapters/rest/maestrano/host/choose.js';
import { usualSettings } from '../support/hub.js';

/** A channel whose platform says that our path to begin a sign-in is this one. */
function channel(name: string, initPath: string | null): MaestranoChannel {
  const api = { id: `app-${name}`, key: 'k', host: `https://${name}.example` };
  const [told] = readList(
    JSON.stringify({ marketplaces: [{ marketplace: name, api, sso: { init_path: initPath } }] }),
    'https://hub.example',
  );
  return {
    id: `chn_${name}`,
    name,
    discovered: told !== undefined && 'connection' in told ? told.connection : null,
    settings: {
      ...maestranoSettings.parse({ ...usualSettings(name), application: 'crm' }),
      api: undefined,
    },
  } as unknown as MaestranoChannel;
}

const request = { headers: {} } as IncomingMessage;
const chosen = (path: string, ...channels: MaestranoChannel[]) => chooseChannel(request, path, channels)?.name;

describe('which marketplace a path means', () => {
  it('is the one it spells, whatever the platform of another says', () => {
    const greedy = channel('greedy', '/maestrano/auth/saml/init/acme');
    const acme = channel('acme', null);
    expect(chosen('/auth/saml/init/acme', greedy, acme)).toBe('acme');
    expect(chosen('/auth/saml/init/acme?group_id=cld-1', acme, greedy)).toBe('acme');
    const patient = channel('patient', '/maestrano/auth/saml/:what/:name');
    expect(chosen('/auth/saml/init/acme', patient, acme)).toBe('acme');
  });

  it('is the one whose platform tells it, where it spells none', () => {
    const acme = channel('acme', '/maestrano/begin');
    expect(chosen('/begin', channel('other', null), acme)).toBe('acme');
  });
});
