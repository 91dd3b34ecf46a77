import type { SeedData } from '../../support/hub.js';

export const servicePath = '/KakapoProvision/ProvisionV3.asmx';

/** A system provider of its own for one client, and its interface user. */
export interface ClientSite {
  readonly client: string;
  readonly host: string;
  readonly login: { readonly loginUserName: string; readonly loginPassword: string };
}

export function siteOf(client: string): ClientSite {
  const name = client.toLowerCase();
  return {
    client: name,
    host: `xsp.${name}.example`,
    login: { loginUserName: `api@${name}.example`, loginPassword: 'change-me-Client-1' },
  };
}

/** Adds a provider with some licenses and its interface user to a seed file, for each. */
export function addSites(seed: SeedData, sites: readonly ClientSite[]): void {
  for (const { client, host, login } of sites) {
    seed.tenants!.push({
      key: client,
      name: host,
      kind: 'provider',
      channel: 'unity',
      externalId: host,
      pools: [
        { application: 'UnityDesktop', licenseType: 'Pro', quantity: 10 },
        { application: 'UnityDashboard', licenseType: 'Tabular100+', quantity: 2 },
      ],
    });
    seed.serviceAccounts!.push({
      channel: 'unity',
      tenant: client,
      username: login.loginUserName,
      password: login.loginPassword,
      addresses: ['127.0.0.1/32', '::1/128'],
    });
  }
}
