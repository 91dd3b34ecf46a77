import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { AlarmReporter } from '../core/alarms/index.js';
import type { Passwords, SeenStore, Session, Throttles } from '../core/identity/index.js';
import type {
  AuthenticateInterfaceUser,
  Channel,
  ChannelTask,
  DiscoveredChannel,
  Protocol,
  ProvenAccount,
  ServiceCredential,
} from '../core/marketplace/index.js';
import type { Readers } from '../core/readers.js';
import type { Lookups, Units } from '../core/repositories.js';
import type { FindXmlFault } from '../core/servicelevels/index.js';
import type { Clock, Instant } from '../core/shared/clock.js';
import type { PublishedEvent } from '../core/shared/events.js';
import type { Ids } from '../core/shared/ids.js';
import type { Logger } from '../platform/logger.js';

/** What the front knows about a request before anybody reads it. */
export interface RequestInfo {
  readonly requestId: string;
  /** The caller's address behind trusted proxies, canonical. */
  readonly address: string;
  readonly secure: boolean;
  readonly publicUrl: string;
  /** Where the channel was called: `/ncbs/carrier`, `/channels/gatekeeper/prm_sp/services`. */
  readonly mount: string;
  /** Path and query below the mount (`/NcbsIsvService?wsdl`). */
  readonly path: string;
}

export interface RecordedCall {
  readonly direction: 'in' | 'out';
  readonly protocol: string;
  readonly channelId: string;
  readonly operation: string;
  readonly requestId: string;
  readonly status: number;
  readonly durationMs: number;
  /** Secrets masked, cut to size. */
  readonly request: string;
  readonly response: string;
}

/** What a protocol may use. It reaches the core and nothing else. */
export interface MarketplacePorts {
  readonly uow: Units;
  readonly readers: Readers;
  /** Committed rows as the write side knows them, for reading only. */
  readonly lookups: Lookups;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publicUrl: string;
  readonly passwords: Passwords;
  readonly throttles: Throttles;
  readonly seen: SeenStore;
  /** Service account behind a credential; throws authentication_failed, throttled or busy. */
  readonly authenticate: (
    channelId: string,
    credential: ServiceCredential | undefined,
    address: string,
    options?: { readonly loopbackWithoutList?: boolean },
  ) => Promise<ProvenAccount>;
  /** Where one wrong password locks; throws authentication_failed, account_locked or busy. */
  readonly authenticateInterfaceUser: AuthenticateInterfaceUser;
  /** For the request inspector: returns at once, may drop under load. */
  readonly record: (call: RecordedCall) => void;
  /** Caps before parsing. */
  readonly limits: {
    readonly maxBytes: number;
    readonly maxDepth: number;
    readonly maxElements: number;
    /** Of one element. */
    readonly maxAttributes: number;
    /** Milliseconds for the whole body. */
    readonly bodyTimeMs: number;
  };
  /** What keeps a text from being well-formed XML without a DOCTYPE; null = nothing. */
  readonly findXmlFault: FindXmlFault;
  readonly validateResponses: boolean;
  readonly ids: Ids;
  /** The guarded client for calls to marketplaces. Bounded by `patienceMs` unless the caller's own signal ends sooner. */
  readonly fetch: typeof globalThis.fetch;
  /** Longest time of one call to a marketplace in milliseconds; a delivery's or task's lease is longer. */
  readonly patienceMs: number;
  readonly hmac: {
    /** A code over the text with a key of this purpose alone. */
    make(purpose: string, text: string): Buffer;
    /** Compares in constant time, with every key that is still known. */
    verify(purpose: string, text: string, code: Uint8Array): boolean;
  };
  readonly alarms: AlarmReporter;
  readonly launches: Launches;
}

/** Sign-ins that begin at a marketplace and pass through the person's browser (docs/design.md 10.21). */
export interface Launches {
  /** For the browser that begins: a cookie for it alone, and its SHA-256 for whoever must know it again. */
  begin(): { readonly setCookie: string; readonly browserHash: string };
  /** Where a browser turns a one-time token into a session: it must bring the cookie of that hash. */
  enterUrl(secret: string): string;
  /** Where somebody proves that an account here is theirs before it is linked. */
  linkUrl(secret: string): string;
  /** Who the browser of this request is signed in as. */
  signedIn(request: IncomingMessage): Promise<{ readonly userId: string; readonly session: Session } | undefined>;
  /** How long the hub's sessions last, in milliseconds. */
  readonly sessionMs: number;
}

/** Whoever wants to be told about events. Its name is stored with every delivery: keep it. */
export interface Subscriber {
  readonly name: string;
  wants(event: PublishedEvent): boolean;
  /** Outside any transaction, at least once, in order per aggregate. Throwing means: try again later. */
  deliver(event: PublishedEvent): Promise<void>;
  /** True while nothing of this is for it: asked before every round, so that events cost nothing where nobody listens. */
  idle?(): Promise<boolean>;
}

/** Thrown by `work`: trying again cannot help, so that an operator should look at once. The message says why. */
export class ChannelTaskImpossible extends Error {
  override readonly name = 'ChannelTaskImpossible';
}

/** What a protocol does without being called. */
export interface MarketplaceBackground {
  readonly subscribers: readonly Subscriber[];
  /** Carries out one of the protocol's tasks, at least once. Throwing means: try again later, or ChannelTaskImpossible. */
  work?(task: ChannelTask): Promise<void>;
  /** Run by every worker, one round after the other. */
  readonly loops: readonly {
    readonly name: string;
    /** Milliseconds between two rounds. */
    readonly interval: number;
    run(signal: AbortSignal): Promise<void>;
  }[];
  /** Asks the marketplace that vouched for a sign-in whether it still does; undefined = it could not be asked. */
  recheck?(session: Session): Promise<Recheck | undefined>;
  /** Asks a marketplace whether this is the person's password there; undefined = none could be asked. */
  verifyPassword?(userId: string, password: string): Promise<boolean | undefined>;
  /** Asks the directory a channel is listed in now, at an operator's wish; absent = the protocol has none. */
  rediscover?(channelId: string): Promise<Rediscovery>;
  /** Where the browser goes after a person of this protocol's marketplace signed out here; '' = nowhere. */
  signOutUrl?(session: Session): Promise<string>;
  /** Where the browser of a session whose re-check failed begins to sign in again; '' = nowhere. */
  beginUrl?(session: Session): Promise<string>;
}

/** What asking a directory led to. */
export interface Rediscovery {
  /** Why it could not be read; '' = it was. */
  readonly problem: string;
  /** Every channel that is listed there. */
  readonly channels: readonly DiscoveredChannel[];
}

/** What an operator may know of how a channel is connected: names of hosts, never a secret. '' = not known. */
export interface ChannelConnection {
  readonly environment: string;
  readonly apiHost: string;
  readonly identityProviderHost: string;
  readonly dataHost: string;
  /** Origin browsers come back to. */
  readonly applicationHost: string;
}

export interface Recheck {
  readonly valid: boolean;
  /** When to ask again; null when not valid. */
  readonly recheckAt: Instant | null;
}

/** A protocol serving one channel. */
export interface ChannelServer {
  handle(request: IncomingMessage, response: ServerResponse, info: RequestInfo): Promise<void>;
}

/** One protocol the hub speaks; `bootstrap/marketplaces.ts` lists them all. */
export interface Marketplace<Settings = unknown> {
  readonly protocol: Protocol;
  /** Checks `channels[].settings`; unknown keys are errors. */
  readonly settings: z.ZodType<Settings>;
  /** Paths the first channel of the protocol is served at, e.g. `/prm_sp/services`. */
  readonly fixedPaths: readonly string[];
  /** Paths with the channel's name in them, e.g. `/ncbs/{channel}`. */
  readonly channelPaths: readonly string[];
  /** Called once per channel and again when its settings change. */
  serve(ports: MarketplacePorts, channel: Channel & { readonly settings: Settings }): ChannelServer;
  /**
   * For protocols whose paths or credentials, not ours, say which channel is meant: asked for calls below the fixed paths, with the
   * path below the mount and every channel of the protocol that is served. Undefined = the first.
   */
  choose?(request: IncomingMessage, path: string, channels: readonly Channel[]): Channel | undefined;
  /** Undefined while nothing is known. */
  describe?(channel: Channel, publicUrl: string): ChannelConnection | undefined;
  /** What keeps a channel from its work until somebody changes its settings; for operators. */
  problems?(channel: Channel, ports: Pick<MarketplacePorts, 'lookups' | 'publicUrl'>): Promise<readonly string[]>;
  /** Once per process. */
  background?(ports: MarketplacePorts): MarketplaceBackground;
}

/** Keeps the settings type of a protocol while letting the list forget it. */
export function defineMarketplace<Settings>(marketplace: Marketplace<Settings>): Marketplace<Settings> {
  return marketplace;
}
