import type { Channel } from '../../../core/marketplace/index.js';
import type { Actor } from '../../../core/shared/actor.js';
import type { MarketplacePorts } from '../../marketplace.js';
import type { KakapoSettings } from './config.js';

/** One channel being served. */
export interface KakapoContext {
  readonly ports: MarketplacePorts;
  readonly channel: Pick<Channel, 'id' | 'name'>;
  readonly settings: KakapoSettings;
}

/** An interface user: acts for its system provider and what is below; one without a tenant for every provider of the channel. */
export type KakapoActor = Extract<Actor, { kind: 'serviceAccount' }>;

/** One call of an operation by an interface user that has proven itself. */
export interface KakapoCall extends KakapoContext {
  readonly operation: string;
  readonly actor: KakapoActor;
  readonly requestId: string;
  readonly address: string;
}

/** The parameters without the login: mandatory ones are there and not blank, a missing optional one is undefined. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * Does what an operation says. Answers with the items of its list; undefined for the common answer. Refuses with a DomainError or
 * a `Refusal`, which the caller gets in band.
 */
export type Operation = {
  bivariant(input: Input, call: KakapoCall): Promise<readonly object[] | undefined>;
}['bivariant'];
