import { randomBytes } from 'node:crypto';
import { day, shift } from '../../../src/core/shared/clock.js';
import { activeLifecycle } from '../../../src/core/shared/lifecycle.js';
import { insertRows } from '../../../src/persistence/rows/insert-rows.js';
import { createStorage } from '../../../src/persistence/rows/stored-table.js';
import type { Database } from '../../../src/persistence/sql/sql.js';
import { activeSpans } from '../../../src/persistence/tables/billing.js';
import type { Table } from '../../../src/persistence/tables/define-table.js';
import { clientSessions, memberships, sessions, users } from '../../../src/persistence/tables/identity.js';
import { openIdRecords } from '../../../src/persistence/tables/infrastructure.js';
import { licensePools, licenses } from '../../../src/persistence/tables/licensing.js';
import { externalRefs } from '../../../src/persistence/tables/marketplace.js';
import { tenantPaths, tenants } from '../../../src/persistence/tables/tenancy.js';
import { systemClock } from '../../../src/platform/clock.js';
import { createIds } from '../../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';

export interface Size {
  readonly groups: number;
  readonly users: number;
  /** People signed in to an application that wants to be told when they are signed out. */
  readonly sessions: number;
}

/** A provider with a reseller below it, and what is below that. */
export interface Tree {
  readonly providerId: string;
  readonly resellerId: string;
}

/**
 * Writes the rows the hub would have written, without their history, which would take minutes: a provider, a reseller, groups, people
 * with a seat from the pool of their group, and sessions with what was issued in them.
 */
export async function fillTree(database: Database, size: Size): Promise<Tree> {
  const clock = systemClock();
  const now = clock.now();
  const ids = createIds(clock);
  const storage = createStorage(database.dialect, createKeyring(generateSecretKey()));
  const one = async <T extends object>(text: string) => (await database.read.all<T>(text))[0]!;
  const { channelId } = await one<{ channelId: string }>(
    `SELECT id AS channelId FROM channels WHERE protocol = 'kakapo' LIMIT 1`,
  );
  const type = await one<{ id: string; applicationId: string }>(
    `SELECT id, application_id AS applicationId FROM license_types WHERE code = 'Pro' LIMIT 1`,
  );
  const { clientId } = await one<{ clientId: string }>(
    `SELECT client_id AS clientId FROM clients WHERE backchannel_logout_uri <> '' LIMIT 1`,
  );

  // biome-ignore lint/suspicious/noExplicitAny: rows of many tables, each checked where it is added
  const rows = new Map<Table<any>, object[]>();
  const add = <T extends object>(table: Table<T>, row: T): T => {
    const known = rows.get(table);
    if (known === undefined) rows.set(table, [row]);
    else known.push(row);
    return row;
  };
  const made = { version: 1, createdAt: now };
  const active = (objectKind: 'tenant' | 'user' | 'membership', objectId: string) =>
    add(activeSpans, {
      id: ids.next('activeSpan'),
      version: 1,
      objectKind,
      objectId,
      startedAt: now,
      endedAt: null,
      openKey: '0',
    });
  const called = (kind: 'tenant' | 'user', parentId: string, targetId: string) =>
    add(externalRefs, {
      ...made,
      id: ids.next('externalRef'),
      channelId,
      kind,
      parentId,
      externalId: targetId,
      targetId,
      liveKey: '0',
    });
  const tenant = (kind: 'provider' | 'reseller' | 'group', name: string, lineage: readonly string[]) => {
    const { id } = add(tenants, {
      ...made,
      ...activeLifecycle,
      id: ids.next('tenant'),
      key: null,
      kind,
      name,
      parentId: lineage[0] ?? '',
      channelId,
      country: '',
      timeZone: '',
      contact: {},
      properties: [],
      operatorReference: '',
      serviceLevelGroupId: '',
    });
    for (const [depth, ancestorId] of [id, ...lineage].entries()) {
      add(tenantPaths, { ancestorId, descendantId: id, depth });
    }
    active('tenant', id);
    called('tenant', lineage[0] ?? '', id);
    return id;
  };
  const pool = (tenantId: string, parentPoolId: string, quantity: number, used: number) =>
    add(licensePools, {
      ...made,
      id: ids.next('licensePool'),
      tenantId,
      applicationId: type.applicationId,
      licenseTypeId: type.id,
      instanceId: '',
      parentPoolId,
      quantity,
      used,
      oversell: false,
    }).id;

  const providerId = tenant('provider', 'Telecom', []);
  const resellerId = tenant('reseller', 'Enterprise', [providerId]);
  const ofProvider = pool(providerId, '', size.users, size.users);
  const ofReseller = pool(resellerId, ofProvider, size.users, size.users);
  for (let group = 0; group < size.groups; group += 1) {
    const tenantId = tenant('group', `Group ${group}`, [resellerId, providerId]);
    const people = peopleOf(group, size);
    const poolId = pool(tenantId, ofReseller, people.length, people.length);
    for (const person of people) {
      const { id: userId } = add(users, {
        ...made,
        id: ids.next('user'),
        givenName: 'Person',
        familyName: String(person),
        displayName: `Person ${person}`,
        locale: '',
        operatorLevel: null,
        passwordHash: null,
        credentialVersion: 1,
        mustChangePassword: false,
        holds: [],
        terminatedAt: null,
      });
      active('user', userId);
      called('user', providerId, userId);
      const { id: membershipId } = add(memberships, {
        ...made,
        id: ids.next('membership'),
        userId,
        tenantId,
        instanceId: '',
        channelId,
        roles: ['MEMBER'],
        loginName: `person${person}@telecom.example`,
        email: '',
        givenName: '',
        familyName: '',
        locale: '',
        holds: [],
        terminatedAt: null,
        liveKey: '0',
      });
      active('membership', membershipId);
      add(licenses, {
        id: ids.next('license'),
        version: 1,
        poolId,
        userId,
        tenantId,
        applicationId: type.applicationId,
        licenseTypeId: type.id,
        instanceId: '',
        assignedAt: now,
        releasedAt: null,
        liveKey: '0',
      });
      if (person < size.sessions) signIn(userId);
    }
  }

  function signIn(userId: string): void {
    const expiresAt = shift(now, day);
    const { id: sessionId } = add(sessions, {
      ...made,
      id: ids.next('session'),
      userId,
      cookieHash: hash(),
      handleHash: '',
      channelId: '',
      instanceId: '',
      state: 'ACTIVE',
      method: 'password',
      expiresAt,
      endedAt: null,
      endReason: '',
      recheckAt: null,
      voucher: null,
    });
    const id = ids.next('clientSession');
    add(clientSessions, { ...made, id, sessionId, userId, clientId, instanceId: '', sid: id, endedAt: null });
    const [grantHash, sessionUidHash] = [hash(), hash()];
    for (const model of ['Session', 'Grant', 'AccessToken', 'RefreshToken']) {
      add(openIdRecords, {
        idHash: hash(),
        model,
        payload: '{}',
        accountId: userId,
        clientId: model === 'Session' ? '' : clientId,
        grantHash: model === 'Session' ? '' : grantHash,
        uidHash: model === 'Session' ? sessionUidHash : '',
        sessionUidHash: model === 'Session' ? '' : sessionUidHash,
        userCodeHash: '',
        sid: model === 'Session' ? '' : id,
        consumedAt: null,
        expiresAt,
      });
    }
  }

  await database.transaction(async (sql) => {
    for (const [table, some] of rows) await insertRows(sql, storage(table), some);
  });
  return { providerId, resellerId };
}

/** Numbers of the people of one group: as many in each. */
function peopleOf(group: number, { groups, users: all }: Size): number[] {
  return Array.from({ length: all }, (_, person) => person).filter((person) => person % groups === group);
}

const hash = () => randomBytes(32).toString('base64url');
