import { addLicenseType, defineApplication, definePlan, updateApplication } from '../../../../core/catalog/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { randomToken } from '../../../../platform/secrets.js';
import type { CliHub } from '../../ports.js';
import { type Credential, ensureChannel, ensureClient, sandboxActor } from '../sandbox.js';
import type { LocalMaestrano } from './local/index.js';

/** What the simulator sells: a price for every seat. */
export const goods = {
  application: 'sandbox-desk',
  plan: 'sandbox-desk-month',
  licenseType: 'Seat',
  amount: 900,
  currency: 'EUR',
} as const;

/** Names of the two marketplaces, part of their paths, and of the channels they are here. */
export const marketplaceNames = { first: 'sandbox', second: 'sandbox-2' } as const;
const channelNames = { first: 'sandbox-maestrano', second: 'sandbox-maestrano-2' } as const;

/** The simulator's own corner of a hub; its secrets are new in every run and kept nowhere else. */
export interface Sandbox {
  readonly channels: Readonly<Record<keyof typeof channelNames, { readonly id: string; readonly name: string }>>;
  /** The operator's console, as a machine: GraphQL at level ADMINISTRATOR. */
  readonly console: Credential;
}

/** The OAuth client the example application signs people in with. */
export const appClientId = 'sandbox-maestrano-app';
const consoleId = 'sandbox-administrator';

/**
 * Makes the sandbox when it is not there yet: two channels that find their marketplaces through the local developer platform, an
 * application with a plan, a client with which answers are looked at. Its secret is changed every time.
 */
export async function ensureSandbox(hub: CliHub, requestId: string, local: LocalMaestrano): Promise<Sandbox> {
  const console = randomToken();
  const { environment, apiKey, apiSecret } = local.platform;
  const developerPlatform = { host: local.url, environment, apiKey, apiSecret };
  const channels = await hub.uow.run(sandboxActor, { name: 'simulate.prepare', requestId }, async (tx) => {
    await ensureClient(tx, consoleId, hub.clientSecrets.hash(console), {
      grantTypes: ['client_credentials'],
      scopes: ['hub.read', 'hub.write', 'hub.admin'],
      level: operatorLevels.ADMINISTRATOR,
    });
    await ensureCatalog(tx);
    const channelFor = (which: keyof typeof channelNames) => {
      const marketplace = marketplaceNames[which];
      const settings = { marketplace, developerPlatform, application: goods.application, plan: goods.plan };
      return ensureChannel(tx, { name: channelNames[which], protocol: 'maestrano', settings });
    };
    return { first: await channelFor('first'), second: await channelFor('second') };
  });
  return { channels, console: { name: consoleId, secret: console } };
}

/** Registers the example application where it runs now, and makes it the place people of the sandbox come to. */
export async function registerApp(hub: CliHub, appUrl: string, secret: string, requestId: string): Promise<void> {
  await hub.uow.run(sandboxActor, { name: 'simulate.prepareApp', requestId }, async (tx) => {
    const { id: applicationId } = (await applicationSold(tx))!;
    await updateApplication(tx, { id: applicationId, accessUrl: `${appUrl}/login` });
    await ensureClient(tx, appClientId, hub.clientSecrets.hash(secret), {
      applicationId,
      grantTypes: ['authorization_code', 'refresh_token'],
      scopes: ['openid', 'email', 'profile', 'offline_access'],
      redirectUris: [`${appUrl}/callback`],
      postLogoutRedirectUris: [`${appUrl}/`],
      backchannelLogoutUri: `${appUrl}/backchannel-logout`,
    });
  });
}

const applicationSold = (tx: Unit) =>
  tx.applications.findOne({ ownerTenantId: '', key: goods.application, liveKey: '0' });

async function ensureCatalog(tx: Unit): Promise<void> {
  const { application: key, plan, licenseType: code, amount, currency } = goods;
  const { id: applicationId } =
    (await applicationSold(tx)) ?? (await defineApplication(tx, { key, name: 'Sandbox Desk' }));
  if ((await tx.licenseTypes.findOne({ applicationId, code })) === undefined) {
    await addLicenseType(tx, { applicationId, code });
  }
  if ((await tx.plans.findOne({ applicationId, key: plan })) !== undefined) return;
  await definePlan(tx, {
    applicationId,
    key: plan,
    amount: String(amount),
    currency,
    interval: 'month',
    seats: 'perSeat',
  });
}
