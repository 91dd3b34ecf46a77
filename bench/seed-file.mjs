import { writeFile } from 'node:fs/promises';

export const account = { username: 'mkp', password: 'bench-marketplace-password-1' };
export const client = { id: 'bench', secret: 'bench-client-secret-0123456789-abcdef' };
export const channelName = 'carrier';
export const interfaceUser = { username: 'api@op.example', password: 'bench-interface-password-1' };
export const unityHost = 'xsp.op.example';
/** What the Kakapo users of a run are assigned, one after the other. */
export const unityLicenses = [
  ['UnityDesktop', 'Pro'],
  ['UnityMobile', 'Standard'],
  ['UnityDashboard', 'Tabular100'],
];
export const operatorDesk = { username: 'desk', password: 'bench-operator-password-1' };

/** What a run configures through the hub's own seed file: a channel of each protocol with its account, applications, a machine client. */
export async function writeSeedFile(path) {
  const text = `channels:
  - { name: ${channelName}, protocol: nec, settings: { mkpVersion: "4.3", delegatedAuthentication: false } }
  - { name: gatekeeper, protocol: prm, settings: {} }
  - { name: unity, protocol: kakapo, settings: {} }
serviceAccounts:
  - { channel: ${channelName}, username: ${account.username}, password: ${account.password}, addresses: ["127.0.0.0/8"] }
  - { channel: gatekeeper, username: ${operatorDesk.username}, password: ${operatorDesk.password}, level: READ_ONLY, addresses: ["127.0.0.0/8"] }
  - { channel: unity, username: ${interfaceUser.username}, password: ${interfaceUser.password}, tenant: operator, addresses: ["127.0.0.0/8"] }
tenants:
  - { key: operator, name: Example Telecom, kind: provider, channel: unity, externalId: ${unityHost} }
applications:
${unityLicenses.map(([key, type]) => `  - { key: ${key}, name: ${key}, licenseTypes: [${type}], plans: [] }`).join('\n')}
  - key: crm
    name: Orchid CRM
    licenseTypes: [Standard, Premium]
    accessUrl: https://crm.example/
    plans:
      - { key: crm-month, price: { amount: "1500", currency: EUR }, interval: month, seats: perSeat }
clients:
  - { clientId: ${client.id}, clientSecret: ${client.secret}, grantTypes: [client_credentials], scopes: [hub.read, hub.write, hub.admin], level: ADMINISTRATOR }
`;
  await writeFile(path, text);
}
