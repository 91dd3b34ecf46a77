import { checkEmail } from '../../shared/text.js';
import { cleanText, validOrNone } from './clean-text.js';
import type { LaunchFacts } from './facts.js';
import { maskUid } from './masked-uid.js';

export interface PersonNames {
  readonly givenName: string;
  readonly familyName: string;
  /** '' when what was said is no address. */
  readonly email: string;
}

/** What the marketplace calls the person, so far as the hub can keep it. */
export function namesOf(facts: LaunchFacts): PersonNames {
  return {
    givenName: cleanText(facts.givenName),
    familyName: cleanText(facts.familyName),
    email: validOrNone(cleanText(facts.email, 400), (value) => checkEmail('email', value)),
  };
}

/** The facts with the id under which the person is known: in virtual mode one of this group alone, however it came. */
export function withKnownUid(facts: LaunchFacts): LaunchFacts {
  return facts.virtual ? { ...facts, userUid: maskUid(facts.userUid, facts.groupUid) } : facts;
}
