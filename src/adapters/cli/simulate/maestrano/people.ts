import { day, shift } from '../../../../core/shared/clock.js';
import type { MaestranoContext, Place } from './context.js';
import { addGroup, addPerson, type Group, type Person, type Purchase } from './local/index.js';

const names = {
  ada: ['Ada', 'Okoye'],
  ben: ['Ben', 'Sørensen'],
  cleo: ['Cleo', 'Marchetti'],
} as const;

export type PersonName = keyof typeof names;

export interface Company extends Purchase {
  readonly place: Place;
  readonly people: Readonly<Record<PersonName, Person>>;
}

interface CompanyInput {
  readonly at?: Place;
  readonly name?: string;
  /** Days until the trial ends; negative = it is over. Default 14. */
  readonly trialDays?: number;
}

/** A company that bought the application, with Ada, who runs it, Ben and Cleo; its ids are those of this scenario and run alone. */
export function newCompany(context: MaestranoContext, scenario: string, input: CompanyInput = {}): Company {
  const { at: place = context.first, name = 'Harbor Bakery', trialDays = 14 } = input;
  const { marketplace } = place;
  const now = context.local.now();
  const id = `${context.stamp}-${scenario}`;
  const person = (key: PersonName): Person => {
    const [given, surname] = names[key];
    const email = `${key}@${id}.${marketplace.name}.example`;
    return addPerson(marketplace, { uid: `usr-${id}-${key}`, name: given, surname, email, country: 'FR' }, now);
  };
  const people = { ada: person('ada'), ben: person('ben'), cleo: person('cleo') };
  const trial = { freeTrialEndAt: shift(now, trialDays * day) };
  const group: Group = addGroup(marketplace, { uid: `cld-${id}`, name, ...trial }, now);
  group.members.set(people.ada.uid, 'Super Admin').set(people.ben.uid, 'Member').set(people.cleo.uid, 'Power User');
  return { place, marketplace, group, people };
}
