import type { z } from 'zod';
import type { AlarmReporter } from '../../core/alarms/index.js';
import type { Throttles } from '../../core/identity/index.js';
import type { JournalChain } from '../../core/journal/index.js';
import type { Protocol } from '../../core/marketplace/index.js';
import type { Readers } from '../../core/readers.js';
import type { Units } from '../../core/repositories.js';
import type { Clock, Instant } from '../../core/shared/clock.js';
import type { Config } from '../../platform/config.js';
import type { Passwords } from '../../platform/passwords.js';
import type { ChannelConnection, Rediscovery } from '../marketplace.js';

/** Brings the schema up to date and says where it stands. */
export interface MigrationsPort {
  up(): Promise<string[]>;
  down(): Promise<string | undefined>;
  status(): Promise<{ readonly applied: readonly string[]; readonly pending: readonly string[] }>;
  drift(): Promise<string[]>;
}

/** What is stored of an OAuth client's secret. */
export interface ClientSecrets {
  hash(secret: string): string;
  matches(hash: string, secret: string): boolean;
}

export interface RotatedKeys {
  /** The new OpenID signing key. */
  readonly kid: string;
  /** It signs from then on; published at once. */
  readonly activeFrom: Instant;
  /** Stored secrets that were sealed again with the newest key of SECRET_KEY. */
  readonly resealed: number;
}

/** A hub on its database. Nothing listens and no worker runs before `listen`. */
export interface CliHub {
  readonly config: Config;
  readonly uow: Units;
  readonly readers: Readers;
  readonly passwords: Pick<Passwords, 'hash' | 'verify'>;
  readonly clock: Clock;
  readonly clientSecrets: ClientSecrets;
  readonly journal: Pick<JournalChain, 'verify'>;
  readonly alarms: AlarmReporter;
  /** Lets somebody try again at once. */
  readonly throttles: Pick<Throttles, 'clear'>;
  /** How channels are connected, in the order of the ids; null while nothing is known. */
  describeChannels(ids: readonly string[]): Promise<readonly (ChannelConnection | null)[]>;
  /** What keeps a channel from its work until somebody changes its settings. */
  problemsOfChannel(id: string): Promise<readonly string[]>;
  /** Asks the directory of a channel now. */
  rediscoverChannel(channelId: string): Promise<Rediscovery>;
  /** Identifies the key in force without revealing it. */
  readonly keyFingerprint: string;
  /** Adds a signing key for OpenID and seals again what older keys of SECRET_KEY sealed. */
  rotateKeys(): Promise<RotatedKeys>;
  /** Throws what `listen` would throw because of its address, before anything is changed. */
  checkAddress(): Promise<void>;
  /** Serves HTTP and runs the worker loops, as far as ROLES says; `url` is where it listens. */
  listen(): Promise<{ readonly url: string }>;
  close(): Promise<void>;
}

/** The application of examples/isv-app. */
export interface IsvApp {
  readonly url: string;
  readonly logouts: readonly { readonly sub?: string; readonly sid?: string }[];
  close(): Promise<void>;
}

export interface IsvAppOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly port: number;
}

export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether standard error is a terminal that shows progress bars. */
  readonly interactive: boolean;
}

/** Everything the commands reach the rest of the hub through; bootstrap fills it in. */
export interface CliPorts {
  readonly version: string;
  readonly terminal: Terminal;
  /** @throws {ConfigError} */
  readConfig(): Config;
  /** The database alone: no key is checked, nothing is migrated. */
  openMigrations(config: Config): Promise<{ readonly migrations: MigrationsPort; close(): Promise<void> }>;
  /** Migrates, checks the key's fingerprint and wires the hub. `quiet` keeps its log off standard output. */
  openHub(config: Config, options: { readonly quiet: boolean }): Promise<CliHub>;
  /** How each protocol checks `channels[].settings`. */
  readonly channelSettings: Readonly<Record<Protocol, z.ZodType>>;
  printSchema(): Promise<string>;
  /** Undefined where the examples are not installed. */
  readonly startIsvApp?: (options: IsvAppOptions) => Promise<IsvApp>;
}
