import { emailKey } from '../../../core/shared/text.js';
import { parseAddressList } from '../../../platform/address.js';
import { readCertificate } from './certificates.js';
import type { SeedDocument, SeedPath, SeedProblem } from './document.js';
import type { ShapedSeed } from './shape.js';

type Items = ShapedSeed['items'];
type Report = (path: SeedPath, problem: string) => void;

/** What no single value shows: names given twice, a tenant below itself, an id without its channel. */
export function checkRules(document: SeedDocument, items: Items): SeedProblem[] {
  const problems: SeedProblem[] = [];
  const report: Report = (path, problem) => problems.push(document.problemAt(path, problem));
  checkUnique(items, report);
  checkTree(items, report);
  checkPasswords(items, report);
  for (const { index, value } of items.tenants) {
    if (value.externalId !== undefined && value.channel === undefined) {
      report(['tenants', index, 'externalId'], 'externalId needs the channel whose id it is');
    }
  }
  for (const { index, value } of items.instances) {
    if (value.externalId !== undefined && value.channel === undefined) {
      report(['instances', index, 'externalId'], 'externalId needs the channel whose id it is');
    }
  }
  for (const { index, value } of items.serviceAccounts) {
    const each = (name: 'addresses' | 'certificates', check: (entry: string) => unknown): void => {
      for (const [i, entry] of (value[name] ?? []).entries()) {
        try {
          check(entry);
        } catch (error) {
          report(['serviceAccounts', index, name, i], error instanceof Error ? error.message : 'cannot be read');
        }
      }
    };
    each('addresses', (entry) => parseAddressList([entry]));
    each('certificates', readCertificate);
  }
  for (const { index, value } of items.clients) {
    const machine = value.grantTypes.includes('client_credentials');
    const path = ['clients', index] as const;
    if (machine && (value.level === undefined) === (value.tenant === undefined)) {
      report(path, 'a client_credentials client needs either level or tenant');
    }
    if (value.grantTypes.includes('authorization_code') && value.redirectUris.length === 0) {
      report(path, 'an authorization_code client needs redirectUris');
    }
  }
  return problems;
}

function checkUnique(items: Items, report: Report): void {
  const seen = new Set<string>();
  const once = (kind: string, parts: readonly string[], path: SeedPath): void => {
    const name = JSON.stringify([kind, ...parts]);
    if (seen.has(name)) report(path, `${kind} "${parts.at(-1)}" is there twice`);
    seen.add(name);
  };
  for (const { index, value } of items.operators)
    once('operator', [emailKey(value.email)], ['operators', index, 'email']);
  for (const { index, value } of items.channels) once('channel', [value.name], ['channels', index, 'name']);
  for (const { index, value } of items.serviceAccounts) {
    once('service account', [value.channel, value.username], ['serviceAccounts', index, 'username']);
    for (const [i, entry] of (value.certificates ?? []).entries()) {
      once('certificate', [value.channel, entry], ['serviceAccounts', index, 'certificates', i]);
    }
  }
  for (const { index, value } of items.applications) {
    once('application', [value.key], ['applications', index, 'key']);
    for (const [i, type] of value.licenseTypes.entries()) {
      once('license type', [value.key, type], ['applications', index, 'licenseTypes', i]);
    }
    for (const [i, plan] of value.plans.entries()) {
      once('plan', [value.key, plan.key], ['applications', index, 'plans', i, 'key']);
    }
  }
  for (const { index, value } of items.tenants) {
    once('tenant', [value.key], ['tenants', index, 'key']);
    for (const [i, user] of value.users.entries()) {
      once('user', [value.key, emailKey(user.email)], ['tenants', index, 'users', i, 'email']);
      for (const [j, seat] of user.licenses.entries()) {
        const parts = [value.key, emailKey(user.email), seat.application, seat.instance ?? '', seat.licenseType];
        once('license', parts, ['tenants', index, 'users', i, 'licenses', j]);
      }
    }
    for (const [i, pool] of value.pools.entries()) {
      once('pool', [value.key, pool.application, pool.licenseType], ['tenants', index, 'pools', i]);
    }
  }
  for (const { index, value } of items.instances) once('instance', [value.key], ['instances', index, 'key']);
  for (const { index, value } of items.clients) once('client', [value.clientId], ['clients', index, 'clientId']);
  for (const { index, value } of items.identityProviders) {
    once('identity provider', [value.key], ['identityProviders', index, 'key']);
  }
  for (const { index, value } of items.webhooks) {
    once('webhook', [value.tenant ?? '', value.url], ['webhooks', index, 'url']);
  }
}

/** A person has one password; two would take turns at every start. */
function checkPasswords(items: Items, report: Report): void {
  const passwords = new Map<string, string>();
  const once = (email: string, password: string | undefined, path: SeedPath): void => {
    if (password === undefined) return;
    const known = passwords.get(emailKey(email));
    if (known !== undefined && known !== password)
      report(path, `"${email}" has another password elsewhere in the file`);
    passwords.set(emailKey(email), password);
  };
  for (const { index, value } of items.operators) once(value.email, value.password, ['operators', index, 'password']);
  for (const { index, value } of items.tenants) {
    for (const [i, user] of value.users.entries()) {
      once(user.email, user.password, ['tenants', index, 'users', i, 'password']);
    }
  }
}

function checkTree(items: Items, report: Report): void {
  const parents = new Map(items.tenants.map(({ value }) => [value.key, value.parent]));
  for (const { index, value } of items.tenants) {
    const above = new Set([value.key]);
    for (let key = value.parent; key !== undefined; key = parents.get(key)) {
      if (key === value.key) report(['tenants', index, 'parent'], `tenant "${value.key}" would be below itself`);
      if (above.has(key)) break;
      above.add(key);
    }
  }
}
