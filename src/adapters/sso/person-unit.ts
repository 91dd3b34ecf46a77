import { randomUUID } from 'node:crypto';
import type { Unit, Units } from '../../core/repositories.js';
import { type Actor, systemActor } from '../../core/shared/actor.js';

export interface Runner {
  /** A unit on behalf of a person whose authority over themself is what the use case says. */
  asPerson<T>(userId: string, name: string, work: (tx: Unit) => Promise<T>, about?: RunAbout): Promise<T>;
  /** What nobody signed in for. */
  asHub<T>(name: string, work: (tx: Unit) => Promise<T>, about?: RunAbout): Promise<T>;
}

export interface RunAbout {
  readonly address?: string;
  readonly channelId?: string;
}

/** Units of work of the sign-in pages and the provider, with the person as the actor where there is one. */
export function createRunner(units: Units): Runner {
  const run = <T>(actor: Actor, name: string, work: (tx: Unit) => Promise<T>, about: RunAbout = {}): Promise<T> =>
    units.run(actor, { name, requestId: randomUUID(), ...about }, work);
  return {
    asPerson: (userId, name, work, about) =>
      run({ kind: 'user', userId, name: userId, grants: [], ceiling: 0 }, name, work, about),
    asHub: (name, work, about) => run(systemActor('sso'), name, work, about),
  };
}
