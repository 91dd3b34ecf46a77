import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Passwords, SeenStore, Throttles } from '../core/identity/index.js';
import type {
  AuthenticateInterfaceUser,
  Channel,
  Protocol,
  ProvenAccount,
  ServiceCredential,
} from '../core/marketplace/index.js';
import type { Readers } from '../core/readers.js';
import type { Lookups, Units } from '../core/repositories.js';
import type { FindXmlFault } from '../core/servicelevels/index.js';
import type { Clock } from '../core/shared/clock.js';
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
}

/** Keeps the settings type of a protocol while letting the list forget it. */
export function defineMarketplace<Settings>(marketplace: Marketplace<Settings>): Marketplace<Settings> {
  return marketplace;
}
