import { inspect } from 'node:util';
import { isLoopback } from './address.js';
import { type Config, type Settings, secrecyOf, settings } from './settings.js';

export type { Config };

/** Every problem found in the environment, one line each, ready to print. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting once. An empty variable counts as absent.
 * @throws {ConfigError} with all problems at once.
 */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(settings.shape) as (keyof Settings)[]) {
    const given = environment[name];
    const result = settings.shape[name].safeParse(given === '' ? undefined : given);
    if (result.success) values[camelCase(name)] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  const config = withDerivedDefaults(values as unknown as Config);
  problems.push(...crossChecks(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return printable(config);
}

function withDerivedDefaults(config: Config): Config {
  const dataDir = config.dataDir ?? './data';
  return {
    ...config,
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
    databaseUrl: config.databaseUrl ?? `sqlite:${dataDir}/mercator.db`,
    mailUrl: config.mailUrl ?? `file:${dataDir}/mail`,
  };
}

function crossChecks(config: Config): string[] {
  const problems: string[] = [];
  const url = URL.parse(config.publicUrl);
  if (url?.protocol === 'http:' && !isLoopbackHost(url.hostname) && config.allowInsecure === false) {
    problems.push(
      `PUBLIC_URL: ${url.origin} would send passwords and tokens in clear. Put a TLS proxy in front, give its https URL here and ` +
        'name the proxy in TRUSTED_PROXIES; or set ALLOW_INSECURE=1 on a closed test network',
    );
  }
  if (config.adminPassword !== undefined && config.adminEmail === undefined) {
    problems.push('ADMIN_PASSWORD: needs ADMIN_EMAIL as well');
  }
  return problems;
}

function isLoopbackHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The settings as they may be shown: secrets as ***, in URLs only the password. */
export function maskedConfig(config: Config): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(settings.shape) as (keyof Settings)[]) {
    const value = (config as unknown as Record<string, unknown>)[camelCase(name)];
    const secrecy = secrecyOf(name);
    if (value === undefined || secrecy === undefined) shown[name] = value;
    else shown[name] = secrecy === 'url' ? String(value).replace(/(:\/\/[^:/@]*:)[^@]*@/, '$1***@') : '***';
  }
  return shown;
}

/** Logging, JSON.stringify and the REPL get the masked form; reading a property gets the value. */
function printable(config: Config): Config {
  const hidden = { value: () => maskedConfig(config), enumerable: false };
  return Object.freeze(Object.defineProperties({ ...config }, { toJSON: hidden, [inspect.custom]: hidden }));
}
