import type { Clock } from '../../../../../core/shared/clock.js';
import type { Announcer } from './connec/announce.js';
import type { Control } from './control.js';
import type { Desk } from './desk.js';
import type { HubClient } from './hub-client.js';
import type { LocalMarketplace, ObservedCall } from './model.js';

export interface PlatformAccount {
  readonly environment: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What every part of the local Maestrano works on. */
export interface World {
  readonly clock: Clock;
  readonly control: Control;
  readonly platform: PlatformAccount;
  /** By name. */
  readonly marketplaces: Map<string, LocalMarketplace>;
  /** Names the developer platform does not list; all else of them goes on. */
  readonly unlisted: Set<string>;
  /** The latest calls, the newest last. */
  readonly calls: ObservedCall[];
  /** Origin without a trailing slash. */
  url(): string;
  readonly hub: HubClient;
  readonly announcer: Announcer;
  readonly desk: Desk;
}

/** By `api.id`, which every marketplace has its own of: paths are the same for all. */
export function marketplaceOfApiId({ marketplaces }: World, apiId: string): LocalMarketplace | undefined {
  return [...marketplaces.values()].find(({ api }) => api.id === apiId);
}
