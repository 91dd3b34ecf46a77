import { z } from 'zod';
import { type Connection, slashed, withoutSlash } from '../connection.js';
import { DiscoveryFailed, type Listed } from './model.js';

/** Whole seconds. */
const longestTimeout = 300;

/** Paths are put after it, and our own credentials are sent there: nothing but a place. */
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => {
    const { username, password, search, hash } = new URL(text);
    return [username, password, search, hash].every((part) => part === '');
  })
  .transform(withoutSlash);
const path = z.string().startsWith('/');
/** Null and '' are as good as absent: the platform sends both. */
const told = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : (value ?? undefined)), type);
const maybe = <T extends z.ZodType>(type: T) => told(type.optional());
/** A part that is missing altogether is one with nothing in it. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.preprocess((value) => value ?? {}, z.object(shape));

const account = part({
  group_path: maybe(path),
  groups_path: maybe(path),
  group_user_path: maybe(path),
  group_users_path: maybe(path),
});
const webhooks = part({
  account,
  connec: part({ notification_path: maybe(path), notifications_path: maybe(path) }),
});

/** Anything may be absent that has a usual value; what is not known is passed over. */
const entry = z.object({
  marketplace: z.string().min(1),
  environment: told(z.string().default('')),
  app: part({
    host: maybe(httpUrl),
    synchronization_start_path: maybe(path),
    synchronization_toggle_path: maybe(path),
    synchronization_status_path: maybe(path),
  }),
  api: z.object({
    id: z.string().min(1),
    key: z.string().min(1),
    host: httpUrl,
    base: told(path.default('/api/v1/')),
  }),
  sso: part({
    idm: maybe(httpUrl),
    init_path: maybe(path),
    consume_path: maybe(path),
    idp: maybe(httpUrl),
    x509_fingerprint: told(z.string().default('')),
    x509_certificate: told(z.string().default('')),
  }),
  connec: part({
    host: maybe(httpUrl),
    base_path: told(path.default('/api/v2')),
    timeout: told(
      z.coerce
        .number()
        .positive()
        .transform((seconds) => Math.min(Math.ceil(seconds), longestTimeout))
        .default(60),
    ),
  }),
  webhooks: webhooks.optional(),
  webhook: webhooks.optional(),
});

type Entry = z.infer<typeof entry>;

/**
 * Reads what the developer platform answered. An entry that cannot be used is told as such and does not touch the others; one
 * without a name is passed over. Throws DiscoveryFailed for anything that is no list of marketplaces.
 */
export function readList(text: string, publicUrl: string): Listed[] {
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) throw new DiscoveryFailed('the answer is no JSON object');
  const { error, errors, marketplaces } = body as Readonly<Record<string, unknown>>;
  if (isSaid(error) || isSaid(errors)) {
    throw new DiscoveryFailed(`the platform says: ${shortened(JSON.stringify(error ?? errors))}`);
  }
  if (!Array.isArray(marketplaces)) throw new DiscoveryFailed('the answer has no list named "marketplaces"');
  return marketplaces.flatMap((one) => readEntry(one, publicUrl));
}

function readEntry(value: unknown, publicUrl: string): Listed[] {
  const result = entry.safeParse(value);
  if (result.success) {
    const { marketplace } = result.data;
    return [{ marketplace, connection: connectionFrom(result.data, publicUrl) }];
  }
  const marketplace = (value as { marketplace?: unknown } | null)?.marketplace;
  if (typeof marketplace !== 'string') return [];
  // names of fields only: what stands in them may be a secret
  const fields = result.error.issues.map((issue) => issue.path.join('.'));
  return [{ marketplace, problem: `cannot be read: ${[...new Set(fields)].join(', ')}` }];
}

function connectionFrom(
  { marketplace, environment, app, api, sso, connec, ...rest }: Entry,
  publicUrl: string,
): Connection {
  const appHost = app.host ?? publicUrl;
  const hooks = rest.webhooks ?? rest.webhook;
  return {
    marketplace,
    environment,
    appHost,
    api: { id: api.id, key: api.key, host: api.host, base: slashed(api.base) },
    sso: {
      idm: sso.idm ?? appHost,
      initPath: sso.init_path ?? `/maestrano/auth/saml/init/${marketplace}`,
      consumePath: sso.consume_path ?? `/maestrano/auth/saml/consume/${marketplace}`,
      idp: sso.idp ?? api.host,
      x509Certificate: sso.x509_certificate,
      x509Fingerprint: sso.x509_fingerprint,
    },
    paths: {
      groups: hooks?.account.group_path ?? hooks?.account.groups_path,
      groupUsers: hooks?.account.group_user_path ?? hooks?.account.group_users_path,
      notifications: hooks?.connec.notification_path ?? hooks?.connec.notifications_path,
      synchronizationStart: app.synchronization_start_path,
      synchronizationToggle: app.synchronization_toggle_path,
      synchronizationStatus: app.synchronization_status_path,
    },
    connec:
      connec.host === undefined
        ? null
        : {
            host: connec.host,
            basePath: withoutSlash(connec.base_path),
            timeoutMs: connec.timeout * 1_000,
          },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DiscoveryFailed('the answer is not JSON');
  }
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
