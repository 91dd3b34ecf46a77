import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { projectRoot } from '../../scripts/build.mjs';
import type { SeedData } from './hub.js';

/** What hub.example.yaml lets in, and what is added to it here. */
export const credentials = {
  carrier: { username: 'mkp', password: 'change-me-Mkp-1' },
  'carrier-old': { username: 'mkp-old', password: 'change-me-Mkp-2' },
  /** May use PasswordDigest on `carrier`. */
  digest: { username: 'mkp-digest', password: 'change-me-Mkp-3', soapSecret: 'change-me-Digest-3' },
  backoffice: { clientId: 'backoffice', clientSecret: 'change-me-client-secret-0123456789' },
  application: { clientId: 'orchid-crm', clientSecret: 'change-me-client-secret-9876543210' },
  mina: { email: 'mina@sunrise.example', password: 'change-me-User-1' },
  /** Has no license. */
  lena: { email: 'lena@sunrise.example', password: 'change-me-User-3' },
} as const;

/** hub.example.yaml with the application's port, one account for digests and one person without a license. */
export async function seedText(appPort: number, change: (seed: SeedData) => void = () => {}): Promise<string> {
  const text = await readFile(join(projectRoot, 'hub.example.yaml'), 'utf8');
  const seed = parse(text.replaceAll('localhost:4100', `localhost:${appPort}`)) as SeedData;
  seed.serviceAccounts!.push({ channel: 'carrier', ...credentials.digest });
  const sunrise = seed.tenants!.find((tenant) => tenant.key === 'sunrise');
  sunrise.users.push({ ...credentials.lena, givenName: 'Lena', roles: ['MEMBER'] });
  change(seed);
  return stringify(seed);
}
