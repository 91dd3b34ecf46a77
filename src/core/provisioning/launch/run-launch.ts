import type { Unit, Units } from '../../repositories.js';
import type { Actor } from '../../shared/actor.js';
import { isDomainError } from '../../shared/errors.js';
import type { Command } from '../../shared/unit-of-work.js';

/** More than there are things two may make at once: reseller, group, person, place. */
const tries = 6;

/** Another launch made the same thing first: done again, this one finds it (spec Maestrano 1.4 linking 7). */
export function isLaunchRace(error: unknown): boolean {
  return isDomainError(error, 'already_exists', 'external_id_taken', 'version_conflict');
}

/** Runs `launch` or `confirmLaunch` in a unit, and again as a whole while others make the same things at the same moment. */
export async function runLaunch<T>(
  uow: Units,
  actor: Actor,
  command: Command,
  work: (tx: Unit) => Promise<T>,
): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await uow.run(actor, command, work);
    } catch (error) {
      if (left === 0 || !(isLaunchRace(error) || isDomainError(error, 'busy'))) throw error;
    }
  }
}
