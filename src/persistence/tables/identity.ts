import type {
  Client,
  ClientSession,
  IdentityProvider,
  LoginToken,
  Membership,
  Session,
  User,
  UserEmail,
} from '../../core/identity/index.js';
import {
  added,
  ascii,
  bool,
  id,
  instant,
  int,
  json,
  named,
  nullable,
  sealed,
  sealedJson,
  secret,
  text,
} from './columns.js';
import { defineTable } from './define-table.js';

export const users = defineTable<User>(
  'users',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    givenName: text(),
    familyName: text(),
    displayName: text(),
    locale: text(35),
    operatorLevel: nullable(int()),
    passwordHash: secret(nullable(ascii(500))),
    credentialVersion: int(),
    mustChangePassword: bool(),
    holds: json(),
    terminatedAt: nullable(instant()),
  },
  { indexes: [['createdAt'], ['displayName']], journal: { kind: 'user', tenantId: () => '' } },
);

export const userEmails = defineTable<UserEmail>(
  'user_emails',
  {
    id: id(),
    version: int(),
    userId: id(),
    email: text(254),
    emailKey: text(254),
    verifiedKey: nullable(text(254)),
    primary: named('is_primary', bool()),
  },
  {
    unique: [['verifiedKey']],
    indexes: [['userId'], ['emailKey']],
    journal: { kind: 'userEmail', tenantId: () => '' },
  },
);

export const memberships = defineTable<Membership>(
  'memberships',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    userId: id(),
    tenantId: id(),
    instanceId: id(),
    channelId: id(),
    roles: json(),
    loginName: text(254),
    email: text(254),
    givenName: text(),
    familyName: text(),
    locale: text(35),
    holds: json(),
    terminatedAt: nullable(instant()),
    liveKey: ascii(30),
  },
  {
    unique: [['userId', 'tenantId', 'instanceId', 'liveKey']],
    indexes: [['tenantId'], ['instanceId'], ['channelId']],
    journal: { kind: 'membership', tenantId: (row) => row.tenantId },
  },
);

export const loginTokens = defineTable<LoginToken>(
  'login_tokens',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    kind: ascii(32),
    tokenHash: secret(ascii(64)),
    userId: id(),
    tenantId: id(),
    instanceId: id(),
    channelId: id(),
    sessionId: id(),
    returnUrl: text(2_000),
    locale: text(35),
    expiresAt: instant(),
    usedAt: nullable(instant()),
    browserHash: secret(added(ascii(64), '')),
    data: nullable(sealedJson()),
  },
  { unique: [['tokenHash']], indexes: [['userId'], ['sessionId'], ['expiresAt']] },
);

export const sessions = defineTable<Session>(
  'sessions',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    userId: id(),
    cookieHash: secret(ascii(64)),
    handleHash: secret(ascii(64)),
    channelId: id(),
    instanceId: id(),
    state: ascii(16),
    method: named('sign_in_method', ascii(32)),
    expiresAt: instant(),
    endedAt: nullable(instant()),
    endReason: text(),
    recheckAt: nullable(instant()),
    voucher: nullable(sealedJson()),
  },
  {
    indexes: [
      ['userId', 'state'],
      ['cookieHash'],
      ['handleHash'],
      ['instanceId'],
      ['channelId'],
      ['expiresAt'],
      ['state', 'recheckAt'],
    ],
  },
);

export const clientSessions = defineTable<ClientSession>(
  'client_sessions',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    sessionId: id(),
    userId: id(),
    clientId: text(),
    instanceId: id(),
    sid: text(128),
    endedAt: nullable(instant()),
  },
  { indexes: [['sessionId'], ['userId', 'endedAt'], ['clientId'], ['sid']] },
);

export const clients = defineTable<Client>(
  'clients',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    clientId: text(),
    name: text(),
    secretHash: secret(ascii(500)),
    applicationId: id(),
    instanceId: id(),
    tenantId: id(),
    level: nullable(int()),
    grantTypes: json(),
    scopes: json(),
    redirectUris: json(),
    postLogoutRedirectUris: json(),
    backchannelLogoutUri: text(2_000),
    disabledAt: nullable(instant()),
  },
  {
    unique: [['clientId']],
    indexes: [['applicationId'], ['instanceId'], ['tenantId']],
    journal: { kind: 'client', tenantId: (row) => row.tenantId },
  },
);

export const identityProviders = defineTable<IdentityProvider>(
  'identity_providers',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    key: named('natural_key', text()),
    issuer: text(2_000),
    clientId: text(),
    clientSecret: sealed(),
    emailDomains: json(),
    tenantId: id(),
    required: named('is_required', bool()),
  },
  {
    unique: [['key']],
    indexes: [['tenantId']],
    journal: { kind: 'identityProvider', tenantId: (row) => row.tenantId },
  },
);
