import type { Readers } from '../../core/readers.js';
import { chainsOn } from '../repositories/chains.js';
import type { Storage } from '../rows/stored-table.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import { alarms } from '../tables/alarms.js';
import { charges, scheduledCommands, subscriptions } from '../tables/billing.js';
import { applications, licenseTypes, plans } from '../tables/catalog.js';
import { clients, identityProviders, memberships, sessions, userEmails, users } from '../tables/identity.js';
import { requestRecords } from '../tables/infrastructure.js';
import { journalEntries } from '../tables/journal.js';
import { licensePools, licenses } from '../tables/licensing.js';
import {
  accountCertificates,
  accountLogins,
  channelRecords,
  channels,
  channelTasks,
  externalRefs,
  serviceAccounts,
  webhooks,
} from '../tables/marketplace.js';
import { outboxDeliveries } from '../tables/outbox.js';
import { approvals, instances } from '../tables/provisioning.js';
import { serviceLevelAgreements, serviceLevelGroups } from '../tables/servicelevels.js';
import { tenants } from '../tables/tenancy.js';
import type { Snapshot } from '../usage/usage-reader.js';
import { usageReadersOn } from '../usage/usage-readers.js';
import { alarmHistoryOn } from './alarm-history.js';
import { hierarchyOn } from './hierarchy.js';
import { journalFeedOn } from './journal-feed.js';
import { licenseUsageOn } from './license-usage.js';
import { ListReader } from './list-reader.js';
import { type CompiledList, compileList, type ListSpec } from './list-spec.js';
import { managedOn } from './managed.js';
import { poolTreeOn } from './pool-tree.js';
import { poolUseOn } from './pool-use.js';
import { registryOn } from './registry.js';
import * as scopes from './scopes.js';
import { signInNamesOn } from './sign-in-names.js';
import { trafficPasswordsOn } from './traffic-passwords.js';

const isSet = (value: number): boolean => value === 1;
const hasPassword = { field: 'hasPassword', sql: '(t.password_hash IS NOT NULL)', decode: isSet };
const fromJson = (value: string): unknown => JSON.parse(value);

/** Every reader, on committed data. Without a snapshot, what reads several times may see what was committed in between. */
export function createReaders(
  sql: Sql,
  storage: Storage,
  secrets: Secrets,
  snapshot: Snapshot = (work) => work(sql),
): Readers {
  const compile = <T>(spec: ListSpec<T>): CompiledList => compileList(spec, secrets);
  const reader = <T, View>(spec: ListSpec<T>): ListReader<View> => new ListReader<View>(compile(spec), sql, secrets);
  const chains = chainsOn(sql);
  const journal = compile({
    list: 'journal',
    table: journalEntries,
    scope: scopes.byTenant,
    omit: ['address', 'payloadHash', 'chainHash'],
    join: ' LEFT JOIN journal_payloads y ON y.entry_id = t.id',
    extra: [
      { field: 'before', sql: 'y.before_json', decode: fromJson, absentWhenNull: true },
      { field: 'after', sql: 'y.after_json', decode: fromJson, absentWhenNull: true },
      { field: 'erasedAt', sql: 'y.erased_at' },
    ],
  });
  return {
    tenants: reader({ list: 'tenants', table: tenants, scope: scopes.tenantScope }),
    users: reader({
      list: 'users',
      table: users,
      scope: scopes.userScope,
      omit: ['passwordHash', 'credentialVersion'],
      extra: [hasPassword],
    }),
    tenantUsers: reader({
      list: 'tenantUsers',
      table: users,
      scope: (actor) => scopes.membershipScope(actor, 'm'),
      omit: ['passwordHash', 'credentialVersion'],
      extra: [hasPassword, { field: 'tenantId', sql: 'm.tenant_id' }],
      // of several memberships in one tenant the oldest stands for the person
      join:
        " JOIN memberships m ON m.user_id = t.id AND m.live_key = '0' AND NOT EXISTS (SELECT 1 FROM memberships d " +
        "WHERE d.user_id = m.user_id AND d.tenant_id = m.tenant_id AND d.live_key = '0' AND d.id < m.id)",
    }),
    userEmails: reader({ list: 'userEmails', table: userEmails, scope: scopes.userEmailScope }),
    memberships: reader({ list: 'memberships', table: memberships, scope: scopes.membershipScope }),
    applications: reader({ list: 'applications', table: applications, scope: scopes.applicationScope }),
    licenseTypes: reader({ list: 'licenseTypes', table: licenseTypes, scope: scopes.ofApplication }),
    plans: reader({ list: 'plans', table: plans, scope: scopes.ofApplication }),
    instances: reader({ list: 'instances', table: instances, scope: scopes.instanceScope }),
    approvals: reader({ list: 'approvals', table: approvals, scope: scopes.byTenantOrChannel }),
    licensePools: reader({ list: 'licensePools', table: licensePools, scope: scopes.poolScope }),
    poolTree: poolTreeOn(sql, storage, secrets),
    poolUse: poolUseOn(sql),
    licenses: reader({ list: 'licenses', table: licenses, scope: scopes.licenseScope }),
    subscriptions: reader({ list: 'subscriptions', table: subscriptions, scope: scopes.byTenantOrChannel }),
    charges: reader({
      list: 'charges',
      table: charges,
      scope: scopes.byTenantOrChannel,
      omit: ['leaseOwner', 'leasedUntil'],
    }),
    scheduledCommands: reader({ list: 'scheduledCommands', table: scheduledCommands, scope: scopes.operatorsOnly }),
    channels: reader({
      list: 'channels',
      table: channels,
      scope: scopes.operatorsOnly,
      omit: ['settings', 'discovered'],
    }),
    serviceAccounts: reader({
      list: 'serviceAccounts',
      table: serviceAccounts,
      scope: scopes.byTenant,
      omit: ['passwordHash', 'soapSecret', 'liveKey'],
      extra: [
        { field: 'allowsDigest', sql: "(t.soap_secret <> '')", decode: isSet },
        { field: 'ended', sql: "(t.live_key <> '0')", decode: isSet },
      ],
    }),
    accountCertificates: reader({
      list: 'accountCertificates',
      table: accountCertificates,
      scope: scopes.certificateScope,
    }),
    accountLogins: reader({ list: 'accountLogins', table: accountLogins, scope: scopes.ofAccount }),
    trafficPasswords: trafficPasswordsOn(sql),
    externalRefs: reader({ list: 'externalRefs', table: externalRefs, scope: scopes.byChannel }),
    channelRecords: reader({ list: 'channelRecords', table: channelRecords, scope: scopes.byTenantOrChannel }),
    channelTasks: reader({
      list: 'channelTasks',
      table: channelTasks,
      scope: scopes.operatorsOnly,
      omit: ['data', 'leaseOwner', 'leasedUntil'],
    }),
    serviceLevelGroups: reader({
      list: 'serviceLevelGroups',
      table: serviceLevelGroups,
      scope: scopes.serviceLevelGroupScope,
    }),
    serviceLevelAgreements: reader({
      list: 'serviceLevelAgreements',
      table: serviceLevelAgreements,
      scope: scopes.serviceLevelAgreementScope,
    }),
    webhooks: reader({ list: 'webhooks', table: webhooks, scope: scopes.byTenant, omit: ['secret'] }),
    sessions: reader({
      list: 'sessions',
      table: sessions,
      scope: scopes.sessionScope,
      omit: ['cookieHash', 'handleHash'],
    }),
    clients: reader({
      list: 'clients',
      table: clients,
      scope: scopes.byTenant,
      omit: ['secretHash'],
      extra: [{ field: 'confidential', sql: "(t.secret_hash <> '')", decode: isSet }],
    }),
    identityProviders: reader({
      list: 'identityProviders',
      table: identityProviders,
      scope: scopes.byTenant,
      omit: ['clientSecret'],
    }),
    deliveries: reader({
      list: 'deliveries',
      table: outboxDeliveries,
      scope: scopes.operatorsOnly,
      omit: ['sequence'],
    }),
    requestRecords: reader({ list: 'requestRecords', table: requestRecords, scope: scopes.operatorsOnly }),
    alarms: reader({ list: 'alarms', table: alarms, scope: scopes.alarmScope }),
    alarmHistory: alarmHistoryOn(sql, storage),
    journal: journalFeedOn(sql, journal, secrets),
    chains: { load: chains.load },
    chainsOfUser: { load: chains.ofUser },
    licenseUsage: licenseUsageOn(sql),
    managed: managedOn(sql),
    ...usageReadersOn(sql, snapshot, storage, secrets),
    registry: registryOn(sql, storage),
    hierarchy: hierarchyOn(sql),
    signInNames: signInNamesOn(sql),
  };
}
