import type { Progress } from '../../output.js';
import type { Credential } from '../sandbox.js';
import type { Transcript } from '../transcript.js';
import type { Console } from './console.js';
import type { Goods } from './license-goods.js';
import type { Provisioner } from './provisioner.js';
import type { Binding, UnityClient } from './unity-client.js';

/** What a scenario plays with. */
export interface KakapoContext {
  readonly transcript: Transcript;
  /** The interface user, over SOAP 1.1. */
  readonly unity: Provisioner;
  /** The same interface user in another way. */
  by(binding: Binding): Provisioner;
  /** Another interface user, over SOAP 1.1. */
  as(user: Credential): Provisioner;
  /** Calls of the interface user that are not told one by one. */
  client(): Promise<UnityClient>;
  /** Name of the interface user, as the journal has it. */
  readonly userName: string;
  /** An interface user that may be locked, or why there is none. */
  readonly guessed: Credential | string;
  /** The operator's console, or why there is none. */
  readonly console: Console | string;
  /** The system provider. */
  readonly host: string;
  readonly storm: Storm;
  progress(label: string): Progress;
  /** Part of every id of this run. */
  readonly stamp: string;
}

export interface Storm {
  /** How many ask. */
  readonly users: number;
  readonly license: Goods;
  /** How many licenses are free at the provider; undefined where nobody can say. */
  readonly stock: number | undefined;
}

export interface KakapoScenario {
  readonly about: string;
  run(context: KakapoContext): Promise<void>;
}

/** Everything of one scenario of one run has an id that begins with this. */
export function resellerOf({ stamp }: KakapoContext, scenario: string): string {
  return `sim-${stamp}-${scenario}`;
}
