import { expectEqual } from '../../check.js';
import { listOf } from '../../soap-client.js';
import type { Transcript } from '../../transcript.js';
import type { Answer, Marketplace } from '../marketplace.js';
import type { MkpVersion } from '../sandbox.js';
import type { SignInLeg } from '../sign-in.js';

export interface ScenarioContext {
  readonly nec: Marketplace;
  readonly transcript: Transcript;
  /** Part of every id of this run. */
  readonly stamp: string;
  readonly goods: {
    readonly application: string;
    readonly offer: string;
    readonly upgrade: string;
    readonly licence: string;
  };
  /** Why the person cannot be followed into an application, or how. */
  readonly signIn: SignInLeg | string;
}

export interface Scenario {
  readonly about: string;
  readonly version: MkpVersion;
  run(context: ScenarioContext): Promise<void>;
}

const people = [
  { firstName: 'Mina', lastName: 'Sato' },
  { firstName: 'Theo', lastName: 'Roux' },
  { firstName: 'Ines', lastName: 'Vidal' },
  { firstName: 'Olek', lastName: 'Nowak' },
] as const;

/** The person with that number (from 1) as the marketplace sends them. */
export function person(realmId: string, number: number) {
  const { firstName, lastName } = people[number - 1]!;
  const email = `${firstName}@${realmId}.sandbox.example`.toLowerCase();
  return { userId: `U${number}`, loginName: email, email, firstName, lastName, locale: 'en' };
}

export const quantityOf = (licence: string, quantity: number) => ({
  LicenceItem: [{ licenceCode: licence, quantity }],
});

/** CreateRealm, SetupRealm and the first people: how every story begins. */
export async function buy(context: ScenarioContext, name: string, quantity: number, users: number): Promise<string> {
  const { nec, goods, stamp } = context;
  const realmId = `SIM-${stamp}-${name}`;
  await nec.call(`a customer buys ${quantity} licenses`, 'CreateRealm', {
    realmId,
    customerId: `SIM-${stamp}`,
    customerName: 'Sunrise Dental',
    applicationId: goods.application,
    offerCode: goods.offer,
    licences: quantityOf(goods.licence, quantity),
  });
  await nec.call('the instance is set up', 'SetupRealm', {
    realmId,
    parameters: { Parameter: [{ name: 'language', value: 'en' }] },
  });
  for (let number = 1; number <= users; number += 1) {
    const user = person(realmId, number);
    await nec.call(`${user.firstName} gets a seat`, 'CreateUser', { realmId, user });
  }
  return realmId;
}

/** Reads the counts of the one license code this simulator uses. */
export function usageIs(licence: string, wanted: { purchased: number; assigned: number; billable: number }) {
  return (answer: Answer): readonly string[] => {
    const found = listOf(answer.usage, 'LicenceUsage').find(({ licenceCode }) => licenceCode === licence);
    return Object.entries(wanted).flatMap(([name, value]) => expectEqual(name, found?.[name], value));
  };
}

export function usersAre(...userIds: readonly string[]) {
  return (answer: Answer): readonly string[] =>
    expectEqual(
      'users',
      listOf(answer.users, 'User')
        .map(({ userId }) => userId)
        .sort()
        .join(),
      [...userIds].sort().join(),
    );
}

export function statusIs(status: number, ownStatus?: number) {
  return (answer: Answer): readonly string[] => [
    ...expectEqual('status', answer.status, status),
    ...(ownStatus === undefined ? [] : expectEqual('ownStatus', answer.ownStatus, ownStatus)),
  ];
}
