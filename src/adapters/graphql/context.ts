import type { Actor } from '../../core/shared/actor.js';
import { createLoaders, type Loaders } from './loaders.js';

/** What every resolver gets: who asks, and how to reach the core on their behalf. One per request, or per event of a stream. */
export interface GraphqlContext<Services = unknown> {
  readonly actor: Actor;
  readonly requestId: string;
  /** The caller's network address, for the journal and throttles. */
  readonly address: string;
  readonly services: Services;
  /** Batches reads of this request; nothing read survives it. */
  readonly loaders: Loaders;
  /** Forgets what was read: to be called by whoever changed something, before showing it. */
  forget(): void;
  /** Aborted when the caller has gone; only streams outlive their first answer. */
  readonly signal: AbortSignal | undefined;
}

export interface CallerInfo {
  readonly actor: Actor;
  readonly requestId: string;
  readonly address: string;
  readonly signal?: AbortSignal;
}

class RequestContext<Services> implements GraphqlContext<Services> {
  readonly actor: Actor;
  readonly requestId: string;
  readonly address: string;
  readonly services: Services;
  readonly signal: AbortSignal | undefined;
  #loaders: Loaders | undefined;

  constructor(caller: CallerInfo, services: Services) {
    this.actor = caller.actor;
    this.requestId = caller.requestId;
    this.address = caller.address;
    this.signal = caller.signal;
    this.services = services;
  }

  get loaders(): Loaders {
    this.#loaders ??= createLoaders(this.actor);
    return this.#loaders;
  }

  forget(): void {
    this.#loaders = undefined;
  }
}

export function createContext<Services>(caller: CallerInfo, services: Services): GraphqlContext<Services> {
  return new RequestContext(caller, services);
}
