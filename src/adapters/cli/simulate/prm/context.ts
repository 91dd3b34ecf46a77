import type { Transcript } from '../transcript.js';
import type { Console } from './console.js';
import type { Party } from './party.js';
import type { TrafficEnds } from './traffic.js';

/** What a scenario plays with. */
export interface PrmContext {
  /** The operator's application. */
  readonly op: Party;
  /** Somebody without a credential. */
  readonly stranger: Party;
  /** A provider's application. */
  provider(spAccountId: string, password: string): Party;
  /** The same, with a login ticket in the SOAP header instead of its name and password. */
  holderOf(ticket: string): Party;
  /** The operator's console, or why there is none. */
  readonly console: Console | string;
  readonly traffic: TrafficEnds;
  readonly transcript: Transcript;
  /** Part of every id of this run. */
  readonly stamp: string;
}

export interface PrmScenario {
  readonly about: string;
  run(context: PrmContext): Promise<void>;
}
