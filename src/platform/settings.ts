import { z } from 'zod';
import { parseAddressList } from './address.js';
import { parseSecretKey } from './keyring.js';
import { logLevels } from './logger.js';
import { parseOutboundAllow } from './outbound.js';

/** What stands beside a setting's type: its documentation, the default as the reader sees it, how secret it is. */
export interface SettingNotes {
  readonly section: string;
  readonly doc: string;
  readonly default: string;
  readonly secret?: true | 'url';
}

const sections = {
  serving: 'Serving',
  data: 'Data and keys',
  outgoing: 'Outgoing calls and mail',
  logging: 'Logs and metrics',
  graphql: 'GraphQL',
  soap: 'SOAP',
  sessions: 'Sessions, tokens and throttles',
  worker: 'Worker',
} as const;

function noted<T extends z.ZodType>(
  type: T,
  section: keyof typeof sections,
  fallback: string,
  doc: string,
  secret?: true | 'url',
): T {
  return type.meta({
    ...({ section: sections[section], doc, default: fallback, ...(secret && { secret }) } satisfies SettingNotes),
  }) as T;
}

function whole(min: number, max: number, fallback: number) {
  const range = `must be a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`;
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return fallback;
      const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      context.addIssue({ code: 'custom', message: `${range}, not "${text.slice(0, 40)}"` });
      return z.NEVER;
    });
}

function yes(fallback: boolean) {
  const words: Record<string, boolean> = {
    '1': true,
    true: true,
    yes: true,
    on: true,
    '0': false,
    false: false,
    no: false,
    off: false,
  };
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return fallback;
      const value = Object.hasOwn(words, text.toLowerCase()) ? words[text.toLowerCase()] : undefined;
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: `must be 1 or 0, not "${text.slice(0, 40)}"` });
      return z.NEVER;
    });
}

function oneOf<const V extends readonly [string, ...string[]]>(values: V, fallback: V[number]) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` }).default(fallback as never);
}

/** Checks text with a function that throws a readable error. */
function checked<T>(check: (text: string) => T, hint: string) {
  return z.string().transform((text, context) => {
    try {
      return check(text);
    } catch (error) {
      const problem = error instanceof Error && error.message !== '' ? `${error.message}; ` : '';
      context.addIssue({ code: 'custom', message: `${problem}${hint}` });
      return z.NEVER;
    }
  });
}

const list = (check: (entries: string[]) => unknown, hint: string) =>
  checked((text) => {
    const entries = text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    check(entries);
    return entries as readonly string[];
  }, hint).default([]);

function origin(text: string): string {
  const url = new URL(text);
  const plain =
    ['http:', 'https:'].includes(url.protocol) &&
    url.pathname === '/' &&
    !url.search &&
    !url.hash &&
    !url.username &&
    !url.password;
  if (!plain) throw new Error('');
  return url.origin;
}

function databaseUrl(text: string): string {
  if (/^sqlite:.+/.test(text)) return text;
  const url = URL.parse(text);
  if (url?.protocol !== 'mysql:' || url.hostname === '' || url.pathname.length < 2) throw new Error('');
  return text;
}

function mailUrl(text: string): string {
  if (!/^file:.+/.test(text) && !/^smtps?:\/\/.+/.test(text)) throw new Error('');
  return text;
}

function webOrigins(entries: string[]): void {
  for (const entry of entries) if (origin(entry) !== entry) throw new Error(`"${entry}" is no origin`);
}

const roleNames = ['web', 'worker'] as const;
export type ProcessRole = (typeof roleNames)[number];

function processRoles(text: string): readonly ProcessRole[] {
  const wanted = text.split(',').map((role) => role.trim());
  const known = roleNames.filter((role) => wanted.includes(role));
  if (known.length === 0 || wanted.some((role) => !(roleNames as readonly string[]).includes(role)))
    throw new Error('');
  return known;
}

/** Every variable the hub reads, with its type, default and documentation. docs/configuration.md is printed from it. */
export const settings = z.object({
  PORT: noted(
    whole(0, 65_535, 4000),
    'serving',
    '`4000`',
    'The one port that serves everything. `0` takes any free port.',
  ),
  HOST: noted(
    z.string().default('127.0.0.1'),
    'serving',
    '`127.0.0.1`',
    'The address to listen on; `0.0.0.0` or `::` for all.',
  ),
  PUBLIC_URL: noted(
    checked(origin, 'must be an http or https URL without a path, such as https://hub.example').optional(),
    'serving',
    '`http://localhost:$PORT`',
    'How the outside reaches the hub: in WSDL addresses, the OpenID issuer and redirects. An `http:` URL that is not loopback is refused without `ALLOW_INSECURE`.',
  ),
  ALLOW_INSECURE: noted(
    yes(false),
    'serving',
    '`0`',
    '`1` accepts a non-loopback `http:` `PUBLIC_URL`. Only for closed test networks.',
  ),
  TRUSTED_PROXIES: noted(
    list(parseAddressList, 'give addresses or CIDR blocks separated by commas, such as 10.0.0.0/8'),
    'serving',
    'none',
    'Addresses and CIDR blocks, comma separated, whose `X-Forwarded-For` and `X-Forwarded-Proto` count.',
  ),
  ROLES: noted(
    checked(processRoles, 'must be web, worker or web,worker').default([...roleNames]),
    'serving',
    '`web,worker`',
    'What this process does: `web` answers requests, `worker` relays events and runs schedules.',
  ),
  SEED_FILE: noted(
    z.string().optional(),
    'serving',
    'none',
    'A YAML file applied at every start; applying it twice changes nothing, and what was sold or has ended since is kept ([cli.md](cli.md)).',
  ),
  ADMIN_EMAIL: noted(
    z.email({ error: 'must be an e-mail address' }).optional(),
    'serving',
    'generated',
    'The first operator, made when there is none. Without it one is generated and printed once.',
  ),
  ADMIN_PASSWORD: noted(
    z.string().min(8, { error: 'must have at least 8 characters' }).optional(),
    'serving',
    'generated',
    'The password of the first operator.',
    true,
  ),
  REQUEST_TIMEOUT_MS: noted(
    whole(1_000, 600_000, 30_000),
    'serving',
    '`30000`',
    'Milliseconds a client may take to send one whole request.',
  ),
  HEADERS_TIMEOUT_MS: noted(
    whole(500, 120_000, 10_000),
    'serving',
    '`10000`',
    'Milliseconds a client may take to send its headers.',
  ),
  KEEP_ALIVE_TIMEOUT_MS: noted(
    whole(0, 600_000, 65_000),
    'serving',
    '`65000`',
    'Milliseconds an idle connection stays open; longer than the load balancer keeps it.',
  ),
  MAX_CONNECTIONS: noted(
    whole(1, 1_000_000, 10_000),
    'serving',
    '`10000`',
    'Connections open at once; further ones are closed.',
  ),
  MAX_EVENT_LOOP_DELAY_MS: noted(
    whole(0, 60_000, 1_000),
    'serving',
    '`1000`',
    'When the process lags by more than this, requests get 503 until it has caught up (health checks do not). `0` never sheds.',
  ),
  SHUTDOWN_GRACE_MS: noted(
    whole(0, 600_000, 15_000),
    'serving',
    '`15000`',
    'Milliseconds that running requests get to finish after SIGTERM.',
  ),

  DATA_DIR: noted(
    z.string().default('./data'),
    'data',
    '`./data`',
    'The folder of the embedded database, the generated key and the mail folder.',
  ),
  DATABASE_URL: noted(
    checked(databaseUrl, 'must be sqlite:<file> or mysql://user:password@host:3306/database').optional(),
    'data',
    '`sqlite:$DATA_DIR/mercator.db`',
    '`sqlite:<file>` or `mysql://user:password@host:3306/database` (MySQL 8, MariaDB 10.6 or later).',
    'url',
  ),
  DATABASE_POOL_SIZE: noted(whole(1, 200, 10), 'data', '`10`', 'MySQL connections of this process.'),
  SECRET_KEY: noted(
    checked(
      (text) => parseSecretKey(text) && text,
      `give k1:<base64 of 32 random bytes>, newest key first, as in k1:$(openssl rand -base64 32)`,
    ).optional(),
    'data',
    'generated in `$DATA_DIR/secret.key`',
    'Keys that protect what must be readable again and sign what must not be forged: `k2:<base64>,k1:<base64>`, the newest first. Keep the old ones until `mercator keys rotate` has run. Losing it loses every sealed secret.',
    true,
  ),

  OUTBOUND_ALLOW: noted(
    list(parseOutboundAllow, 'give CIDR blocks, hosts or host:port separated by commas'),
    'outgoing',
    'none',
    'CIDR blocks, addresses, hosts or `host:port` that webhooks, back-channel logout, upstream providers and Maestrano calls may reach although they are loopback, private or special-use. Everything else of that kind is refused.',
  ),
  OUTBOUND_TIMEOUT_MS: noted(
    whole(100, 120_000, 10_000),
    'outgoing',
    '`10000`',
    'Milliseconds for one outgoing call, its answer included. A call to Connec! may take what its channel says (`timeout`).',
  ),
  OUTBOUND_MAX_BYTES: noted(
    whole(1_024, 104_857_600, 1_048_576),
    'outgoing',
    '`1048576`',
    'Most bytes of one answer, after decompression. Of a marketplace at most 16 MiB are read, whatever is set here.',
  ),
  MAIL_URL: noted(
    checked(mailUrl, 'must be file:<folder>, smtp://host:port or smtps://host:port').optional(),
    'outgoing',
    '`file:$DATA_DIR/mail`',
    '`file:<folder>` writes each mail as an .eml file; `smtp://user:password@host:587` sends it.',
    'url',
  ),
  MAIL_FROM: noted(
    z.string().default('Mercator <mercator@localhost>'),
    'outgoing',
    '`Mercator <mercator@localhost>`',
    'The sender of mails.',
  ),

  LOG_LEVEL: noted(oneOf(logLevels, 'info'), 'logging', '`info`', `${logLevels.join(', ')}.`),
  LOG_FORMAT: noted(
    oneOf(['auto', 'json', 'pretty'], 'auto'),
    'logging',
    '`auto`',
    '`json`, `pretty`, or `auto`: pretty on a terminal, JSON elsewhere.',
  ),
  METRICS_TOKEN: noted(
    z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
    'logging',
    'none',
    'Lets `/metrics` be read from elsewhere with `Authorization: Bearer <token>`. Without it only loopback may.',
    true,
  ),

  INTROSPECTION: noted(
    oneOf(['on', 'authenticated', 'off'], 'authenticated'),
    'graphql',
    '`authenticated`',
    'Who may ask for the schema: everybody, callers with a valid token, nobody.',
  ),
  GRAPHIQL: noted(yes(true), 'graphql', '`1`', '`0` switches the bundled GraphiQL page off.'),
  GRAPHQL_ALLOWED_ORIGINS: noted(
    list(webOrigins, 'give origins separated by commas, such as https://shop.example'),
    'graphql',
    'none',
    'Origins whose pages may call `/graphql` with a bearer token (CORS).',
  ),
  GRAPHQL_MAX_BYTES: noted(whole(1_024, 16_777_216, 262_144), 'graphql', '`262144`', 'Most bytes of one request.'),
  GRAPHQL_MAX_DEPTH: noted(whole(1, 100, 12), 'graphql', '`12`', 'Deepest nesting of an operation.'),
  GRAPHQL_MAX_COST: noted(
    whole(1, 10_000_000, 20_000),
    'graphql',
    '`20000`',
    'Highest estimated number of rows and fields of an operation.',
  ),
  GRAPHQL_MAX_ALIASES: noted(whole(0, 1_000, 30), 'graphql', '`30`', 'Most aliases in an operation.'),
  GRAPHQL_MAX_TOKENS: noted(whole(100, 100_000, 4_000), 'graphql', '`4000`', 'Most tokens in a document.'),
  GRAPHQL_MAX_ENTITIES: noted(
    whole(1, 100_000, 1_000),
    'graphql',
    '`1000`',
    'Most representations in one `_entities` call.',
  ),
  GRAPHQL_COMPILE: noted(
    yes(true),
    'graphql',
    '`1`',
    '`0` always interprets operations instead of compiling those seen often.',
  ),

  SOAP_MAX_BYTES: noted(
    whole(1_024, 104_857_600, 1_048_576),
    'soap',
    '`1048576`',
    'Most bytes of a message, before and after decompression.',
  ),
  SOAP_MAX_DEPTH: noted(whole(4, 1_000, 64), 'soap', '`64`', 'Deepest nesting of elements.'),
  SOAP_MAX_ELEMENTS: noted(whole(10, 1_000_000, 20_000), 'soap', '`20000`', 'Most elements of a message.'),
  SOAP_MAX_ATTRIBUTES: noted(whole(1, 10_000, 64), 'soap', '`64`', 'Most attributes of one element.'),
  SOAP_TIMEOUT_MS: noted(
    whole(500, 600_000, 20_000),
    'soap',
    '`20000`',
    'Milliseconds until a call that is still running is answered with a fault.',
  ),
  VALIDATE_RESPONSES: noted(
    yes(false),
    'soap',
    '`0`',
    '`1` checks every SOAP answer against its schema before it is sent; tests do.',
  ),

  SESSION_SECONDS: noted(whole(300, 2_592_000, 43_200), 'sessions', '`43200`', 'Longest life of a sign-in session.'),
  ACCESS_TOKEN_SECONDS: noted(
    whole(60, 86_400, 600),
    'sessions',
    '`600`',
    'Life of the opaque access token of a person.',
  ),
  CLIENT_TOKEN_SECONDS: noted(
    whole(30, 300, 300),
    'sessions',
    '`300`',
    'Life of the access token of a machine, at most five minutes.',
  ),
  ID_TOKEN_SECONDS: noted(whole(60, 3_600, 600), 'sessions', '`600`', 'Life of an ID token.'),
  REFRESH_TOKEN_SECONDS: noted(
    whole(300, 31_536_000, 1_209_600),
    'sessions',
    '`1209600`',
    'Life of a refresh token; each use rotates it.',
  ),
  AUTHORIZATION_CODE_SECONDS: noted(whole(10, 600, 60), 'sessions', '`60`', 'Life of an authorization code.'),
  PASSWORD_LINK_SECONDS: noted(whole(300, 604_800, 259_200), 'sessions', '`259200`', 'Life of a set-password link.'),

  POLL_INTERVAL_MS: noted(
    whole(10, 10_000, 250),
    'worker',
    '`250`',
    'Milliseconds between two looks for events and revocations.',
  ),
  DELIVERY_ATTEMPTS: noted(
    whole(1, 100, 12),
    'worker',
    '`12`',
    'Tries before an event is parked for an operator to see.',
  ),
});

export type Settings = typeof settings.shape;

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;
type Values = { readonly [K in keyof Settings as CamelCase<K>]: z.output<Settings[K]> };
type Derived = 'publicUrl' | 'databaseUrl' | 'mailUrl';

/** Every setting in camel case (`PUBLIC_URL` is `publicUrl`), read once at start. */
export type Config = Omit<Values, Derived> & { readonly [K in Derived]: string };

/** What is written about one setting. */
export function notesOf(name: keyof Settings): SettingNotes {
  return settings.shape[name].meta() as unknown as SettingNotes;
}

export function secrecyOf(name: keyof Settings): true | 'url' | undefined {
  return notesOf(name).secret;
}
