import { randomBytes } from 'node:crypto';
import { day, type Instant, shift } from '../../../../../core/shared/clock.js';
import { randomToken } from '../../../../../platform/secrets.js';
import { BoundedMap } from './bounded.js';
import { createSigningIdentity } from './certificate.js';
import type { Group, HubPaths, LocalMarketplace, Offer, Person, Reseller } from './model.js';

/** How a marketplace is set up; all but its name may be left out. */
export interface MarketplaceInput {
  /** Part of the hub's paths. */
  readonly name: string;
  readonly title?: string;
  readonly apiId?: string;
  readonly apiKey?: string;
  readonly virtual?: boolean;
  /** Nobody has connected it yet, and this is what a channel for it could sell. */
  readonly offer?: Offer;
  /** Another hub than the one all are for. */
  readonly hubUrl?: string;
}

/** So much is kept of each kind; the oldest goes first. */
const most = { people: 10_000, groups: 10_000, bills: 100_000, logins: 10_000, records: 10_000 };

export async function createMarketplace(
  input: MarketplaceInput,
  hubUrl: string,
  now: Instant,
): Promise<LocalMarketplace> {
  const { name } = input;
  return {
    name,
    title: input.title ?? name,
    api: { id: input.apiId ?? `app-${randomBytes(4).toString('hex')}`, key: input.apiKey ?? randomToken(48) },
    nid: `${name}-live`,
    hubUrl: (input.hubUrl ?? hubUrl).replace(/\/+$/, ''),
    paths: hubPaths(name),
    identity: await createSigningIdentity(`${input.title ?? name} identity provider`, now),
    virtual: input.virtual ?? false,
    offer: input.offer,
    people: new BoundedMap(most.people),
    groups: new BoundedMap(most.groups),
    resellers: new BoundedMap(most.groups),
    bills: new BoundedMap(most.bills),
    recurringBills: new BoundedMap(most.bills),
    logins: new BoundedMap(most.logins),
    connec: new BoundedMap(most.groups),
  };
}

/** The default paths of spec Maestrano 1.2 to 1.8 for one marketplace of several. */
function hubPaths(name: string): HubPaths {
  const at = encodeURIComponent(name);
  return {
    init: `/maestrano/auth/saml/init/${at}`,
    consume: `/maestrano/auth/saml/consume/${at}`,
    metadata: `/maestrano/metadata/${at}`,
    groups: `/maestrano/account/groups/:id/${at}`,
    groupUsers: `/maestrano/account/groups/:group_id/users/:id/${at}`,
    notifications: `/maestrano/connec/notifications/${at}`,
    synchronizationStart: `/maestrano/${at}/synchronizations`,
    synchronizationToggle: `/maestrano/${at}/synchronizations/toggle_sync`,
    synchronizationStatus: `/maestrano/${at}/synchronizations/:cld-uid`,
  };
}

export type PersonInput = Pick<Person, 'uid' | 'name' | 'surname' | 'email'> & Partial<Person>;
export type GroupInput = Pick<Group, 'uid' | 'name'> & Partial<Omit<Group, 'members'>>;

export function addPerson({ people }: LocalMarketplace, input: PersonInput, now: Instant): Person {
  const person: Person = {
    password: randomToken(),
    companyName: '',
    country: 'US',
    createdAt: now,
    updatedAt: now,
    ...input,
  };
  people.set(person.uid, person);
  return person;
}

export function addGroup({ groups, connec }: LocalMarketplace, input: GroupInput, now: Instant): Group {
  const group: Group = {
    organizationUid: input.uid.replace(/^cld-/, 'org-'),
    email: `${input.uid}@groups.example`,
    currency: 'EUR',
    timeZone: 'Europe/Paris',
    country: 'FR',
    city: 'Paris',
    freeTrialEndAt: shift(now, 14 * day),
    hasCreditCard: true,
    resellerId: '',
    status: 'running',
    createdAt: now,
    updatedAt: now,
    ...input,
    members: new Map(),
  };
  groups.set(group.uid, group);
  connec.set(group.uid, new BoundedMap(most.records));
  return group;
}

export function addReseller({ resellers }: LocalMarketplace, input: Omit<Reseller, 'createdAt'>, now: Instant): void {
  resellers.set(input.id, { ...input, createdAt: now });
}

/** `user.group` in virtual mode; what is masked already is not masked twice (spec Maestrano 1.1). */
export function mask(personUid: string, groupUid: string): string {
  return `${unmask(personUid)}.${groupUid}`;
}

export function unmask(uid: string): string {
  return uid.split('.')[0]!;
}
