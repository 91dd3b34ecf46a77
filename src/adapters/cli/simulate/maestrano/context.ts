import type { IsvApp } from '../../ports.js';
import type { GraphqlClient } from '../graphql-client.js';
import type { Transcript } from '../transcript.js';
import type { LocalMaestrano, LocalMarketplace } from './local/index.js';

/** One marketplace and the channel it is at the hub. */
export interface Place {
  readonly marketplace: LocalMarketplace;
  readonly channelId: string;
}

/** What a scenario plays with. */
export interface MaestranoContext {
  readonly transcript: Transcript;
  readonly local: LocalMaestrano;
  readonly first: Place;
  readonly second: Place;
  /** The operator's console. */
  readonly graphql: GraphqlClient;
  readonly publicUrl: string;
  /** The application people come to, or why there is none. */
  readonly app: IsvApp | string;
  readonly hubMayCallApp: boolean;
  /** Part of every id of this run. */
  readonly stamp: string;
}

export interface MaestranoScenario {
  readonly about: string;
  run(context: MaestranoContext): Promise<void>;
}

/** From something that happened to its effect having come through events, queues and calls, in milliseconds. */
export const settling = 30_000;
