import type { AccountCertificate } from '../../../core/marketplace/index.js';
import type { ChannelView } from '../../../core/readers.js';
import { systemActor } from '../../../core/shared/actor.js';
import type { Filter, Reader } from '../../../core/shared/reading.js';
import type { Tenant } from '../../../core/tenancy/index.js';
import type { CliHub } from '../ports.js';
import { writeCertificate } from './certificates.js';

const actor = systemActor('export');

/** What a settings field is called when its value is nobody's business. */
const secretName = /secret|password|token|key$/i;

/** Names by id, of what a file can name: it lives, and has a natural name. */
export interface Facts {
  readonly channels: readonly ChannelView[];
  readonly settings: ReadonlyMap<string, unknown>;
  readonly channelName: ReadonlyMap<string, string>;
  readonly tenantKey: ReadonlyMap<string, string>;
  readonly instanceKey: ReadonlyMap<string, string>;
  readonly applicationKey: ReadonlyMap<string, string>;
  readonly planKey: ReadonlyMap<string, string>;
  readonly typeCode: ReadonlyMap<string, string>;
  /** The channel's own id of an object, by channel and object. */
  readonly externalId: ReadonlyMap<string, string>;
  /** As a file writes them, by account. */
  readonly certificates: ReadonlyMap<string, readonly string[]>;
}

export async function loadFacts({ readers, uow }: Pick<CliHub, 'readers' | 'uow'>): Promise<Facts> {
  const channels = (await all(readers.channels)).toSorted((a, b) => a.position - b.position);
  const settings = await uow.run(actor, { name: 'export.readSettings', requestId: 'export' }, async (tx) => {
    const found = new Map<string, unknown>();
    for (const channel of await tx.channels.findMany({})) {
      if (!holdsSecret(channel.settings)) found.set(channel.id, channel.settings);
    }
    return found;
  });
  const named = { key: { gt: '' }, terminatedAt: { eq: null } } as const;
  const refs = await all(readers.externalRefs, { liveKey: { eq: '0' } });
  const tenantKey = keysOf(nameable(await all(readers.tenants, named)));
  const applications = await all(readers.applications, { ownerTenantId: { eq: '' }, terminatedAt: { eq: null } });
  const applicationKey = keysOf(applications);
  const instances = (await all(readers.instances, named)).filter(
    ({ tenantId, applicationId }) => tenantKey.has(tenantId) && applicationKey.has(applicationId),
  );
  return {
    channels,
    settings,
    channelName: new Map(channels.map(({ id, name }) => [id, name])),
    tenantKey,
    instanceKey: keysOf(instances),
    applicationKey,
    planKey: keysOf(await all(readers.plans)),
    typeCode: new Map((await all(readers.licenseTypes)).map(({ id, code }) => [id, code])),
    externalId: new Map(refs.map((ref) => [`${ref.channelId} ${ref.targetId}`, ref.externalId])),
    certificates: byAccount(await all(readers.accountCertificates)),
  };
}

/** Without those below a tenant that has no name: a file cannot say where they are. Tenants are made after their parents. */
function nameable(tenants: readonly Tenant[]): Tenant[] {
  const ids = new Set(['']);
  return tenants.filter(({ id, parentId }) => ids.has(parentId) && ids.add(id));
}

function byAccount(certificates: readonly AccountCertificate[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const certificate of certificates) {
    const known = found.get(certificate.serviceAccountId) ?? [];
    found.set(certificate.serviceAccountId, [...known, writeCertificate(certificate)]);
  }
  return found;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) => (secretName.test(name) && typeof inner === 'string') || holdsSecret(inner),
  );
}

export async function all<View>(reader: Reader<View>, filter?: Filter): Promise<View[]> {
  const found: View[] = [];
  for (let after: string | null = null; ; ) {
    const page = await reader.page(actor, { first: 200, after, ...(filter === undefined ? {} : { filter }) });
    found.push(...page.nodes);
    after = page.cursors.at(-1) ?? null;
    if (!page.hasNextPage) return found;
  }
}

function keysOf(objects: readonly { readonly id: string; readonly key: string | null }[]): Map<string, string> {
  return new Map(objects.flatMap(({ id, key }) => (key === null ? [] : [[id, key] as const])));
}
