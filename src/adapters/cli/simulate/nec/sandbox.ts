import { addLicenseType, defineApplication, definePlan, updateApplication } from '../../../../core/catalog/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { randomToken } from '../../../../platform/secrets.js';
import type { CliHub } from '../../ports.js';
import { accountName, type Credential, ensureChannel, ensureClient, sandboxActor } from '../sandbox.js';

export type MkpVersion = '4.2' | '4.3';

/** What the simulator sells. */
export const catalog = {
  application: 'sandbox-crm',
  offer: 'sandbox-month',
  upgrade: 'sandbox-year',
  licence: 'Standard',
} as const;

/** The simulator's own corner of a hub; its secrets are new in every run and kept nowhere else. */
export interface Sandbox {
  readonly accounts: Readonly<Record<MkpVersion, Credential & { readonly channel: string }>>;
  /** Reads GraphQL. */
  readonly reader: Credential;
}

/** The OAuth client the example application signs people in with. */
export const appClientId = 'sandbox-isv-app';

const channelOf = (version: MkpVersion): string => `sandbox-nec-${version.replace('.', '-')}`;

/**
 * Makes the sandbox when it is not there yet: a channel for each dialect with an account, an application with two plans, a client
 * that reads. The passwords are changed every time.
 */
export async function ensureSandbox(hub: CliHub, requestId: string): Promise<Sandbox> {
  const secrets = { '4.2': randomToken(), '4.3': randomToken(), reader: randomToken() };
  const hashes = {
    '4.2': await hub.passwords.hash(secrets['4.2']),
    '4.3': await hub.passwords.hash(secrets['4.3']),
  };
  await hub.uow.run(sandboxActor, { name: 'simulate.prepare', requestId }, async (tx) => {
    for (const version of ['4.2', '4.3'] as const) {
      const account = { passwordHash: hashes[version] };
      await ensureChannel(tx, {
        name: channelOf(version),
        protocol: 'nec',
        settings: { mkpVersion: version },
        account,
      });
    }
    await ensureCatalog(tx);
    await ensureClient(tx, 'sandbox-reader', hub.clientSecrets.hash(secrets.reader), {
      grantTypes: ['client_credentials'],
      scopes: ['hub.read'],
      level: operatorLevels.READ_ONLY,
    });
  });
  const account = (version: MkpVersion) => ({
    name: accountName,
    secret: secrets[version],
    channel: channelOf(version),
  });
  return {
    accounts: { '4.2': account('4.2'), '4.3': account('4.3') },
    reader: { name: 'sandbox-reader', secret: secrets.reader },
  };
}

/** Registers the example application where it runs now, and makes it the place the sandbox's instances lead to. */
export async function registerApp(hub: CliHub, appUrl: string, secret: string, requestId: string): Promise<void> {
  await hub.uow.run(sandboxActor, { name: 'simulate.prepareApp', requestId }, async (tx) => {
    const application = await tx.applications.findOne({ ownerTenantId: '', key: catalog.application, liveKey: '0' });
    if (application === undefined) throw new Error('the sandbox has no application');
    await updateApplication(tx, { id: application.id, accessUrl: `${appUrl}/login` });
    await ensureClient(tx, appClientId, hub.clientSecrets.hash(secret), {
      applicationId: application.id,
      grantTypes: ['authorization_code', 'refresh_token'],
      scopes: ['openid', 'email', 'profile', 'offline_access'],
      redirectUris: [`${appUrl}/callback`],
      postLogoutRedirectUris: [`${appUrl}/`],
      backchannelLogoutUri: `${appUrl}/backchannel-logout`,
    });
  });
}

async function ensureCatalog(tx: Unit): Promise<void> {
  const key = catalog.application;
  const application =
    (await tx.applications.findOne({ ownerTenantId: '', key, liveKey: '0' })) ??
    (await defineApplication(tx, { key, name: 'Sandbox CRM' }));
  const applicationId = application.id;
  if ((await tx.licenseTypes.findOne({ applicationId, code: catalog.licence })) === undefined) {
    await addLicenseType(tx, { applicationId, code: catalog.licence });
  }
  const plans = [
    { key: catalog.offer, amount: '1000', interval: 'month' },
    { key: catalog.upgrade, amount: '10000', interval: 'year' },
  ] as const;
  for (const plan of plans) {
    if ((await tx.plans.findOne({ applicationId, key: plan.key })) !== undefined) continue;
    await definePlan(tx, { ...plan, applicationId, currency: 'EUR', seats: 'perSeat' });
  }
}
