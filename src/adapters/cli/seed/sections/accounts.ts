import {
  bindCertificate,
  bindExternalRef,
  type Channel,
  registerServiceAccount,
  type ServiceAccount,
  unbindCertificate,
  updateServiceAccount,
} from '../../../../core/marketplace/index.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { checkNotTerminated } from '../../../../core/shared/checks.js';
import { invalid } from '../../../../core/shared/errors.js';
import type { Tenant } from '../../../../core/tenancy/index.js';
import { hashToken } from '../../../../platform/secrets.js';
import { readCertificate, writeCertificate } from '../certificates.js';
import { accountHolder } from '../credentials.js';
import type { SeedItem } from '../schema.js';
import { outcomeOf, type SeedUnit } from '../unit.js';

type Item = SeedItem<'serviceAccounts'>;

/** Certificates are taken away first: one may move from an account to another in one file. */
export async function applyServiceAccounts(unit: SeedUnit): Promise<void> {
  const accounts = [...unit.seed.serviceAccounts.entries()];
  const changed = new Set<Item>();
  for (const [index, item] of accounts) {
    const path = ['serviceAccounts', index, 'certificates'];
    await unit.at(path, async () => {
      if (await unbindOthers(unit, item)) changed.add(item);
    });
  }
  for (const [index, item] of accounts) {
    const path = ['serviceAccounts', index];
    const { account, outcome } = await unit.at(path, () => applyServiceAccount(unit, item));
    const bound = await unit.at([...path, 'certificates'], () => bindMissing(unit, account, item));
    const touched = outcome === 'unchanged' && (bound || changed.has(item));
    unit.count('serviceAccounts', touched ? 'changed' : outcome);
  }
}

function accountOf({ tx }: SeedUnit, channelId: string, username: string): Promise<ServiceAccount | undefined> {
  return tx.serviceAccounts.findOne({ channelId, username, liveKey: '0' });
}

async function applyServiceAccount(unit: SeedUnit, item: Item) {
  const { tx, names } = unit;
  const channel = await names.channel(item.channel);
  const tenant = item.tenant === undefined ? undefined : await names.tenant(item.tenant);
  const passwordHash = unit.newHashes(accountHolder(item.channel, item.username));
  if (tenant !== undefined) {
    checkNotTerminated('tenant', tenant);
    if (channel.protocol === 'prm') await nameProvider(unit, channel, tenant, item.username);
  }
  const wanted = {
    ...(item.soapSecret === undefined ? {} : { soapSecret: item.soapSecret }),
    level: item.level === undefined ? null : operatorLevels[item.level],
    tenantId: tenant?.id ?? null,
    addresses: item.addresses ?? null,
  };
  const present = await accountOf(unit, channel.id, item.username);
  if (present === undefined) {
    if (passwordHash === undefined) throw invalid('password', 'is needed for a new service account');
    const credential = { channelId: channel.id, username: item.username, passwordHash };
    return { account: await registerServiceAccount(tx, { ...wanted, ...credential }), outcome: 'created' as const };
  }
  const account = await updateServiceAccount(tx, {
    ...wanted,
    id: present.id,
    ...(passwordHash === undefined ? {} : { passwordHash, password: item.password ?? '' }),
  });
  return { account, outcome: outcomeOf(present, account) };
}

/**
 * A provider signs in with the id its channel has for it (docs/design.md 10.9). A tenant the file gives none is known by the name of
 * its account.
 */
async function nameProvider({ tx }: SeedUnit, channel: Channel, tenant: Tenant, username: string): Promise<void> {
  if (tenant.channelId !== channel.id) throw invalid('tenant', `must be a tenant of channel "${channel.name}"`);
  const place = { channelId: channel.id, kind: 'tenant', targetId: tenant.id } as const;
  const [known] = await tx.externalRefs.findMany({ ...place, liveKey: '0' });
  if (known === undefined) await bindExternalRef(tx, { ...place, externalId: username });
  else if (known.externalId !== username) {
    throw invalid('username', `must be the externalId of its tenant, "${known.externalId}"`);
  }
}

/** Those of the account the file does not name any more; without a list all stay. */
async function unbindOthers(unit: SeedUnit, item: Item): Promise<boolean> {
  const { tx, names } = unit;
  if (item.certificates === undefined) return false;
  const account = await accountOf(unit, (await names.channel(item.channel)).id, item.username);
  if (account === undefined) return false;
  const wanted = new Set(item.certificates.map((text) => writeCertificate(readCertificate(text))));
  let unbound = false;
  for (const certificate of await tx.accountCertificates.findMany({ serviceAccountId: account.id })) {
    if (certificate.valueHash === certificate.id || wanted.has(writeCertificate(certificate))) continue;
    await unbindCertificate(tx, { id: certificate.id });
    unbound = true;
  }
  return unbound;
}

async function bindMissing({ tx }: SeedUnit, account: ServiceAccount, { certificates = [] }: Item): Promise<boolean> {
  let bound = false;
  for (const text of certificates) {
    const certificate = { serviceAccountId: account.id, ...readCertificate(text) };
    const before = await tx.accountCertificates.count({ serviceAccountId: account.id });
    await bindCertificate({ hash: hashToken }, tx, certificate);
    bound ||= (await tx.accountCertificates.count({ serviceAccountId: account.id })) !== before;
  }
  return bound;
}
