import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../../../core/shared/clock.js';
import { systemClock } from '../../../../../platform/clock.js';
import { randomToken } from '../../../../../platform/secrets.js';
import { accountRoutes } from './account/routes.js';
import { createAnnouncer } from './connec/announce.js';
import { connecRoutes } from './connec/routes.js';
import { type Control, createControl } from './control.js';
import { channelYaml } from './dashboard/connect.js';
import { dashboardRoutes } from './dashboard/routes.js';
import { createDesk, type Desk } from './desk.js';
import { createHubClient, type HubClient } from './hub-client.js';
import { createMarketplace, type MarketplaceInput } from './marketplace.js';
import type { LocalMarketplace, ObservedCall } from './model.js';
import { platformRoutes } from './platform.js';
import { samlRoutes } from './saml/routes.js';
import { createLocalServer } from './server.js';
import type { PlatformAccount, World } from './world.js';

export type { Control, FailingCall, Failure } from './control.js';
export type { HubAnswer, HubClient } from './hub-client.js';
export { instanceKey, launchUrl, type Purchase } from './instance.js';
export { addGroup, addPerson, addReseller, type MarketplaceInput } from './marketplace.js';
export type { ConnecRecord, Group, LocalMarketplace, ObservedCall, Person } from './model.js';
export type { PlatformAccount } from './world.js';

export interface LocalMaestranoOptions {
  /** Public URL of the hub all this is for. */
  readonly hubUrl: string;
  /** 0, the default, = any. */
  readonly port?: number;
  /** A loopback address unless said otherwise: nothing here asks for a password. */
  readonly host?: string;
  readonly log?: (text: string) => void;
  readonly clock?: Clock;
  readonly marketplaces?: readonly MarketplaceInput[];
  readonly platform?: PlatformAccount;
  readonly control?: Partial<Control>;
}

/** One server that plays the counterpart of a hub: developer platform, identity provider, account API, Connec! and dashboards. */
export interface LocalMaestrano {
  readonly url: string;
  readonly control: Control;
  readonly platform: PlatformAccount;
  /** The latest calls, the newest last. */
  readonly calls: readonly ObservedCall[];
  readonly hub: HubClient;
  readonly desk: Desk;
  /** @throws {Error} for a name there is none of */
  marketplace(name?: string): LocalMarketplace;
  /** Lists one more, or takes one off the developer platform's list. */
  list(input: MarketplaceInput): Promise<LocalMarketplace>;
  unlist(name: string): void;
  /** A seed file with a channel for a marketplace that was listed with an offer; '' for others. */
  channelYaml(name: string): string;
  now(): string;
  /** Resolves when the hub was told of every change so far, or that was given up. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a local Maestrano, written from the specification and sharing nothing with the hub (spec Maestrano 1.2 to 1.8). All
 * marketplaces have the same addresses: credentials, issuers and sessions say which one is meant. Everything is kept in memory.
 */
export async function startLocalMaestrano(options: LocalMaestranoOptions): Promise<LocalMaestrano> {
  const { hubUrl, port = 0, host = '127.0.0.1', log = () => undefined, clock = systemClock() } = options;
  let url = '';
  const announcer = createAnnouncer(() => world, log);
  const world: World = {
    clock,
    control: createControl(options.control),
    platform: options.platform ?? { environment: 'hub-live', apiKey: 'hub-live', apiSecret: randomToken() },
    marketplaces: new Map(),
    unlisted: new Set(),
    calls: [],
    url: () => url,
    hub: createHubClient(),
    announcer,
    get desk() {
      return desk;
    },
  };
  const desk = createDesk(world);
  const list = async (input: MarketplaceInput): Promise<LocalMarketplace> => {
    const made = await createMarketplace(input, hubUrl, clock.now());
    world.marketplaces.set(made.name, made);
    return made;
  };
  for (const input of options.marketplaces ?? [{ name: 'local' }]) await list(input);

  const routes = [samlRoutes, accountRoutes, connecRoutes, platformRoutes, dashboardRoutes].flatMap((make) =>
    make(world),
  );
  const server = createLocalServer(world, routes, log);
  server.listen(port, host);
  await once(server, 'listening');
  url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;

  const marketplace = (name?: string): LocalMarketplace => {
    const found = name === undefined ? [...world.marketplaces.values()][0] : world.marketplaces.get(name);
    if (found === undefined) throw new Error(`no marketplace ${name}`);
    return found;
  };
  return {
    url,
    control: world.control,
    platform: world.platform,
    calls: world.calls,
    hub: world.hub,
    desk,
    marketplace,
    list,
    unlist: (name) => void world.unlisted.add(name),
    channelYaml: (name) => channelYaml(world, marketplace(name)),
    now: () => clock.now(),
    settled: () => announcer.settled(),
    async close() {
      announcer.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
