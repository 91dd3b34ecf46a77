import { z } from 'zod';
import { hasKey } from './saml/verify/keys.js';

const httpUrl = z.url({ protocol: /^https?$/ });
const path = z.string().startsWith('/');

const developerPlatform = z.strictObject({
  host: httpUrl,
  /** With or without `marketplaces` at its end: the SDKs differ. */
  apiPath: path.default('/api/config/v1/marketplaces'),
  environment: z.string().min(1),
  apiKey: z.string().min(1),
  apiSecret: z.string().min(1),
});

const api = z.strictObject({
  id: z.string().min(1),
  key: z.string().min(1),
  host: httpUrl,
  base: path.default('/api/v1/'),
});

const sso = z
  .strictObject({
    /** Absent = the account API's host. */
    idp: httpUrl.optional(),
    x509Certificate: z.string().optional(),
    x509Fingerprint: z.string().optional(),
  })
  .refine((value) => value.x509Certificate !== undefined || value.x509Fingerprint !== undefined, {
    error: 'needs x509Certificate or x509Fingerprint: without a key nobody can be believed',
  })
  .refine(
    ({ x509Certificate: certificate = '', x509Fingerprint: fingerprint = '' }) =>
      (certificate === '' || hasKey({ certificate, fingerprint: '' })) &&
      (fingerprint === '' || hasKey({ certificate: '', fingerprint })),
    { error: 'x509Certificate must be a whole certificate (PEM), x509Fingerprint 40 hexadecimal digits (SHA-1)' },
  );

const connec = z.strictObject({
  host: httpUrl,
  basePath: path.default('/api/v2'),
  /** Seconds. */
  timeout: z.number().int().min(1).max(300).default(60),
});

/** A collection of Connec! the application shares beside company, organizations and people. */
const sharedCollection = z.strictObject({
  collection: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be a name as Connec! spells it, such as invoices'),
  direction: z.enum(['both', 'in', 'out']).default('both'),
  /** Names of fields here to theirs, as dotted paths; absent = all fields as they are. */
  fields: z.record(z.string().min(1), z.string().min(1)).optional(),
  /** Sets of their fields by which Connec! finds a record it has already, instead of making another. */
  matchingFields: z.array(z.array(z.string().min(1)).min(1)).optional(),
});

const share = z.strictObject({
  company: z.boolean().default(true),
  organizations: z.boolean().default(true),
  people: z.boolean().default(true),
  collections: z.array(sharedCollection).default([]),
  /** Names the application as a source of ids in Connec!; absent = the application's key. */
  provider: z.string().min(1).optional(),
});

/** Settings of a Maestrano channel (docs/protocols/maestrano.md): either `developerPlatform` or `api`. */
export const maestranoSettings = z
  .strictObject({
    marketplace: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be a name that can be part of a path'),
    developerPlatform: developerPlatform.optional(),
    api: api.optional(),
    sso: sso.optional(),
    connec: connec.optional(),
    application: z.string().min(1),
    plan: z.string().min(1).optional(),
    /** The seat people of a group get; absent = the application's first license type. */
    licenseType: z.string().min(1).optional(),
    creationMode: z.enum(['real', 'virtual']).default('real'),
    allowSha1: z.boolean().default(false),
    linkByEmail: z.enum(['verified', 'confirm', 'never']).default('verified'),
    /** Goes on for one interval when the marketplace cannot be asked whether a sign-in still holds. */
    recheckGrace: z.boolean().default(false),
    /** Lets people sign in at the hub's own pages with their password of the marketplace. */
    delegatedPasswords: z.boolean().default(false),
    share: share.default({ company: true, organizations: true, people: true, collections: [] }),
  })
  .refine((settings) => (settings.developerPlatform === undefined) !== (settings.api === undefined), {
    error: 'needs either developerPlatform or api, and not both',
  })
  .refine((settings) => settings.api !== undefined || (settings.sso === undefined && settings.connec === undefined), {
    error: 'sso and connec belong to api: with developerPlatform they are discovered',
  });

export type MaestranoSettings = z.infer<typeof maestranoSettings>;
