import { addLicenseType, defineApplication } from '../../../../core/catalog/index.js';
import { setPoolQuantity } from '../../../../core/licensing/index.js';
import { accountThrottleKey, bindExternalRef, findExternalRef } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { createTenant } from '../../../../core/tenancy/index.js';
import { randomToken } from '../../../../platform/secrets.js';
import type { CliHub } from '../../ports.js';
import { accountName, type Credential, ensureAccount, ensureChannel, ensureClient, sandboxActor } from '../sandbox.js';
import { catalog, type Goods, goods } from './license-goods.js';

/** The simulator's own corner of a hub; its secrets are new in every run and kept nowhere else. */
export interface Sandbox {
  readonly channel: { readonly id: string; readonly name: string };
  /** The serverHostName of its system provider. */
  readonly host: string;
  /** The interface user, which acts on that provider. */
  readonly user: Credential;
  /** Another one, whose password is guessed. */
  readonly guessed: Credential;
  /** The operator's console, as a machine: GraphQL at level ADMINISTRATOR. */
  readonly console: Credential;
}

const channelName = 'sandbox-kakapo';
const consoleId = 'sandbox-administrator';
const guessedName = 'sandbox-guessed';
const host = 'unity.sandbox.example';
const loopback = ['127.0.0.0/8', '::1/128'];
/** Free seats at the provider when a run begins. */
const usualStock = 20;

/**
 * Makes the sandbox when it is not there yet: a channel with a system provider and two interface users that may call from this
 * machine, what it sells, and a client with which its answers are looked at. The passwords are changed every time, and the
 * provider's pools have the wanted stock free: `stormStock` of the license the storm is about.
 */
export async function ensureSandbox(hub: CliHub, requestId: string, stormStock: number): Promise<Sandbox> {
  const [password, guessed, console] = [randomToken(), randomToken(), randomToken()];
  const passwordHash = await hub.passwords.hash(password);
  const guessedHash = await hub.passwords.hash(guessed);
  const channel = await hub.uow.run(sandboxActor, { name: 'simulate.prepare', requestId }, async (tx) => {
    await ensureClient(tx, consoleId, hub.clientSecrets.hash(console), {
      grantTypes: ['client_credentials'],
      scopes: ['hub.read', 'hub.write', 'hub.admin'],
      level: operatorLevels.ADMINISTRATOR,
    });
    const made = await ensureChannel(tx, { name: channelName, protocol: 'kakapo', settings: {} });
    const tenantId = await ensureProvider(tx, made.id);
    const account = { tenantId, addresses: loopback };
    await ensureAccount(tx, made.id, accountName, { ...account, passwordHash });
    await ensureAccount(tx, made.id, guessedName, { ...account, passwordHash: guessedHash });
    await ensureCatalog(tx);
    await ensureFree(tx, tenantId, goods.desktop, usualStock);
    await ensureFree(tx, tenantId, goods.dashboard, usualStock);
    await ensureFree(tx, tenantId, goods.mobile, stormStock);
    return made;
  });
  // Played often, what is refused on purpose must not add up to a block of this machine.
  for (const address of ['127.0.0.1', '::1']) await hub.throttles.clear(accountThrottleKey(channel.id, address));
  return {
    channel: { id: channel.id, name: channel.name },
    host,
    user: { name: accountName, secret: password },
    guessed: { name: guessedName, secret: guessed },
    console: { name: consoleId, secret: console },
  };
}

async function ensureProvider(tx: Unit, channelId: string): Promise<string> {
  const key = { channelId, kind: 'tenant', parentId: '', externalId: host } as const;
  const present = await findExternalRef(tx, key);
  if (present !== undefined) return present.targetId;
  const { id } = await createTenant(tx, { kind: 'provider', name: 'Sandbox Telecom', channelId });
  await bindExternalRef(tx, { ...key, targetId: id });
  return id;
}

async function ensureCatalog(tx: Unit): Promise<void> {
  for (const { key, name, licenseTypes } of catalog) {
    const { id: applicationId } = (await applicationOf(tx, key)) ?? (await defineApplication(tx, { key, name }));
    for (const code of licenseTypes) {
      const present = await tx.licenseTypes.findOne({ applicationId, code });
      if (present === undefined) await addLicenseType(tx, { applicationId, code });
    }
  }
}

const applicationOf = (tx: Unit, key: string) => tx.applications.findOne({ ownerTenantId: '', key, liveKey: '0' });

/** So many are free afterwards, whatever earlier runs left assigned. */
async function ensureFree(tx: Unit, tenantId: string, wanted: Goods, free: number): Promise<void> {
  const application = await applicationOf(tx, wanted.applicationName);
  const applicationId = application?.id ?? '';
  const type = await tx.licenseTypes.findOne({ applicationId, code: wanted.licenseType });
  const licenseTypeId = type?.id ?? '';
  const pool = await tx.licensePools.findOne({ tenantId, applicationId, licenseTypeId, instanceId: '' });
  await setPoolQuantity(tx, { tenantId, licenseTypeId, quantity: (pool?.used ?? 0) + free });
}
