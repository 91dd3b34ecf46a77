import type { Chain } from './usability.js';

export interface ChainQuestion {
  readonly userId: string;
  readonly applicationId: string;
  /** '' asks for the application as such: the best instance, or licenses without one. */
  readonly instanceId: string;
}

/** Loads the facts `usable` needs, in one or two statements, from the unit's own connection or a reader's. */
export interface Chains {
  /** One chain per instance of the application where the person has a live membership, or one without instance; [] when none. */
  load(question: ChainQuestion): Promise<Chain[]>;
}

export interface AccessRepositories {
  readonly chains: Chains;
}
