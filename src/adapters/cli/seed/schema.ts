import { z } from 'zod';
import { intervals, seatPricings } from '../../../core/catalog/index.js';
import { clientGrantTypes, clientScopes } from '../../../core/identity/index.js';
import { protocols } from '../../../core/marketplace/index.js';
import { operatorLevels, roles } from '../../../core/shared/actor.js';
import { tenantKinds } from '../../../core/tenancy/index.js';

const levelNames = Object.keys(operatorLevels) as [keyof typeof operatorLevels, ...(keyof typeof operatorLevels)[]];

const text = z.string().min(1, { error: 'must not be empty' });
const key = text.max(120);
const level = z.enum(levelNames, { error: `must be one of ${levelNames.join(', ')}` });
const password = z.string().min(10, { error: 'must have at least 10 characters' }).max(1_024);
const email = z.email({ error: 'must be an e-mail address' });
const quantity = z.int().min(0).max(2_000_000_000);
const properties = z.record(z.string(), z.string().nullable());
const interval = z.enum(intervals, { error: `must be one of ${intervals.join(', ')}` });

const operator = z.strictObject({ email, password: password.optional(), name: text.optional(), level });

const channel = z.strictObject({
  name: text,
  protocol: z.enum(protocols, { error: `must be one of ${protocols.join(', ')}` }),
  settings: z.record(z.string(), z.unknown()).optional(),
});

const serviceAccount = z.strictObject({
  channel: text,
  username: text,
  password: password.optional(),
  level: level.optional(),
  tenant: text.optional(),
  soapSecret: z.string().optional(),
  addresses: z.array(text).min(1).optional(),
  certificates: z.array(text).optional(),
});

const plan = z.strictObject({
  key,
  name: text.optional(),
  price: z.strictObject({
    amount: z
      .string()
      .regex(/^\d{1,18}$/, { error: 'must be minor units as a whole number in quotes, such as "1500"' }),
    currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be three capital letters (ISO 4217)' }),
  }),
  interval,
  trialDays: z.int().min(0).max(730).optional(),
  seats: z.enum(seatPricings, { error: `must be one of ${seatPricings.join(', ')}` }).optional(),
});

const application = z.strictObject({
  key,
  name: text,
  description: z.string().optional(),
  licenseTypes: z.array(text).default([]),
  accessUrl: text.optional(),
  loginUrl: text.optional(),
  logoutUrl: text.optional(),
  properties: properties.optional(),
  plans: z.array(plan).default([]),
});

const license = z.strictObject({ application: text, licenseType: text, instance: text.optional() });

const user = z.strictObject({
  email,
  password: password.optional(),
  givenName: text.optional(),
  familyName: text.optional(),
  locale: text.optional(),
  roles: z
    .array(z.enum(roles, { error: `must be one of ${roles.join(', ')}` }))
    .min(1)
    .default(['MEMBER']),
  licenses: z.array(license).default([]),
});

const pool = z.strictObject({
  application: text,
  licenseType: text,
  quantity,
  oversell: z.boolean().optional(),
});

const tenant = z.strictObject({
  key,
  name: text,
  kind: z.enum(tenantKinds, { error: `must be one of ${tenantKinds.join(', ')}` }),
  parent: text.optional(),
  channel: text.optional(),
  externalId: text.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'must be two capital letters (ISO 3166-1)' })
    .optional(),
  timeZone: text.optional(),
  properties: properties.optional(),
  users: z.array(user).default([]),
  pools: z.array(pool).default([]),
});

const instance = z.strictObject({
  key,
  tenant: text,
  application: text,
  name: text.optional(),
  plan: text.optional(),
  channel: text.optional(),
  externalId: text.optional(),
  accessUrl: text.optional(),
  properties: properties.optional(),
});

const client = z.strictObject({
  clientId: text.max(200),
  clientSecret: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  name: text.optional(),
  application: text.optional(),
  instance: text.optional(),
  tenant: text.optional(),
  level: level.optional(),
  grantTypes: z
    .array(z.enum(clientGrantTypes, { error: `must be one of ${clientGrantTypes.join(', ')}` }))
    .min(1)
    .default(['authorization_code']),
  scopes: z.array(z.enum(clientScopes, { error: `must be one of ${clientScopes.join(', ')}` })).min(1),
  redirectUris: z.array(text).default([]),
  postLogoutRedirectUris: z.array(text).default([]),
  backchannelLogoutUri: text.optional(),
});

const identityProvider = z.strictObject({
  key,
  issuer: text,
  clientId: text,
  clientSecret: text.optional(),
  emailDomains: z.array(text).default([]),
  tenant: text,
  required: z.boolean().default(false),
});

const webhook = z.strictObject({
  url: text,
  secret: text.optional(),
  events: z.array(text).min(1).default(['*']),
  tenant: text.optional(),
});

/** The sections of a seed file, in the order the documentation lists them. */
export const seedSections = {
  operators: operator,
  channels: channel,
  serviceAccounts: serviceAccount,
  applications: application,
  tenants: tenant,
  instances: instance,
  clients: client,
  identityProviders: identityProvider,
  webhooks: webhook,
} as const;

export type SeedSection = keyof typeof seedSections;
export const seedSectionNames = Object.keys(seedSections) as SeedSection[];

export type Seed = { readonly [K in SeedSection]: readonly z.output<(typeof seedSections)[K]>[] };
export type SeedItem<K extends SeedSection> = Seed[K][number];
export type SeedUser = SeedItem<'tenants'>['users'][number];
export type SeedPool = SeedItem<'tenants'>['pools'][number];
export type SeedLicense = SeedUser['licenses'][number];
export type SeedPlan = SeedItem<'applications'>['plans'][number];
