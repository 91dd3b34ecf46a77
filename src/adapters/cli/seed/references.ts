import type { SeedPath } from './document.js';
import type { ShapedSeed } from './shape.js';

/** Names an object of a section can be spoken of by. A license type and a plan belong to an application. */
export type NamedKind = 'channel' | 'application' | 'licenseType' | 'plan' | 'tenant' | 'instance';

export interface Reference {
  readonly kind: NamedKind;
  readonly name: string;
  /** The application, for license types and plans. */
  readonly within?: string;
  readonly path: SeedPath;
}

type Items = ShapedSeed['items'];

/** Everything the file names that must be something elsewhere, in the file or in the hub. */
export function referencesOf(items: Items): Reference[] {
  const found: Reference[] = [];
  const refer = (kind: NamedKind, name: string | undefined, path: SeedPath, within?: string): void => {
    if (name !== undefined) found.push({ kind, name, path, ...(within === undefined ? {} : { within }) });
  };
  const license = (value: { application: string; licenseType: string }, path: SeedPath): void => {
    refer('application', value.application, [...path, 'application']);
    refer('licenseType', value.licenseType, [...path, 'licenseType'], value.application);
  };
  for (const { index, value } of items.channels) {
    if (value.protocol === 'maestrano') soldThrough(value.settings ?? {}, ['channels', index, 'settings'], refer);
  }
  for (const { index, value } of items.serviceAccounts) {
    refer('channel', value.channel, ['serviceAccounts', index, 'channel']);
    refer('tenant', value.tenant, ['serviceAccounts', index, 'tenant']);
  }
  for (const { index, value } of items.tenants) {
    const at = ['tenants', index] as const;
    refer('tenant', value.parent, [...at, 'parent']);
    refer('channel', value.channel, [...at, 'channel']);
    for (const [i, pool] of value.pools.entries()) license(pool, [...at, 'pools', i]);
    for (const [i, user] of value.users.entries()) {
      for (const [j, seat] of user.licenses.entries()) {
        const path = [...at, 'users', i, 'licenses', j];
        license(seat, path);
        refer('instance', seat.instance, [...path, 'instance']);
      }
    }
  }
  for (const { index, value } of items.instances) {
    const at = ['instances', index] as const;
    refer('tenant', value.tenant, [...at, 'tenant']);
    refer('application', value.application, [...at, 'application']);
    refer('plan', value.plan, [...at, 'plan'], value.application);
    refer('channel', value.channel, [...at, 'channel']);
  }
  for (const { index, value } of items.clients) {
    refer('application', value.application, ['clients', index, 'application']);
    refer('instance', value.instance, ['clients', index, 'instance']);
    refer('tenant', value.tenant, ['clients', index, 'tenant']);
  }
  for (const { index, value } of items.identityProviders) {
    refer('tenant', value.tenant, ['identityProviders', index, 'tenant']);
  }
  for (const { index, value } of items.webhooks) refer('tenant', value.tenant, ['webhooks', index, 'tenant']);
  return found;
}

/** A Maestrano channel sells one application and plan, named in its settings. */
function soldThrough(
  settings: Readonly<Record<string, unknown>>,
  path: SeedPath,
  refer: (kind: NamedKind, name: string | undefined, path: SeedPath, within?: string) => void,
): void {
  const { application, plan } = settings;
  if (typeof application !== 'string') return;
  refer('application', application, [...path, 'application']);
  if (typeof plan === 'string') refer('plan', plan, [...path, 'plan'], application);
}

/** What the file itself declares, also in items that have other problems. */
export function declaredNames(value: unknown): (kind: NamedKind, name: string, within?: string) => boolean {
  const names = new Set<string>();
  const add = (kind: NamedKind, name: unknown, within: unknown = ''): void => {
    if (typeof name === 'string') names.add(JSON.stringify([kind, name, within]));
  };
  for (const channel of list(value, 'channels')) add('channel', field(channel, 'name'));
  for (const tenant of list(value, 'tenants')) add('tenant', field(tenant, 'key'));
  for (const instance of list(value, 'instances')) add('instance', field(instance, 'key'));
  for (const application of list(value, 'applications')) {
    const key = field(application, 'key');
    add('application', key);
    for (const type of list(application, 'licenseTypes')) add('licenseType', type, key);
    for (const plan of list(application, 'plans')) add('plan', field(plan, 'key'), key);
  }
  return (kind, name, within = '') => names.has(JSON.stringify([kind, name, within]));
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
