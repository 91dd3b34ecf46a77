import type { Instant } from '../../../../../core/shared/clock.js';
import type { BoundedMap } from './bounded.js';
import type { SigningIdentity } from './certificate.js';

// What a marketplace knows, in its own words (spec Maestrano 1.1 and 1.7): nothing of this is shared with the hub.

export interface Person {
  readonly uid: string;
  name: string;
  surname: string;
  email: string;
  readonly password: string;
  readonly companyName: string;
  readonly country: string;
  readonly createdAt: Instant;
  updatedAt: Instant;
}

/** One company that bought the application. */
export interface Group {
  readonly uid: string;
  name: string;
  /** `org-...`, also the realm of its Connec! ids. */
  readonly organizationUid: string;
  readonly email: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly country: string;
  readonly city: string;
  readonly freeTrialEndAt: Instant;
  readonly hasCreditCard: boolean;
  /** '' = nobody resold it. */
  readonly resellerId: string;
  status: 'running' | 'terminated';
  /** Person uid to role. */
  readonly members: Map<string, string>;
  readonly createdAt: Instant;
  updatedAt: Instant;
}

export interface Reseller {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly country: string;
  readonly createdAt: Instant;
}

export interface Bill {
  readonly id: string;
  readonly groupUid: string;
  readonly priceCents: number;
  readonly currency: string;
  readonly units: number;
  readonly description: string;
  readonly periodStartedAt: Instant | null;
  readonly periodEndedAt: Instant | null;
  readonly thirdParty: boolean;
  status: 'submitted' | 'invoiced' | 'cancelled';
  /** '' = none; the recurring bill that made it. */
  readonly recurringBillId: string;
  readonly createdAt: Instant;
  updatedAt: Instant;
}

export const periods = ['Day', 'Week', 'SemiMonth', 'Month', 'Year'] as const;
export type Period = (typeof periods)[number];

export interface RecurringBill {
  readonly id: string;
  readonly groupUid: string;
  readonly priceCents: number;
  readonly currency: string;
  readonly description: string;
  readonly period: Period;
  readonly frequency: number;
  /** null = endless. */
  readonly cycles: number | null;
  readonly initialCents: number;
  readonly startDate: Instant;
  lastExecutionAt: Instant | null;
  nextExecutionAt: Instant | null;
  remainingCycles: number | null;
  status: 'submitted' | 'active' | 'expired' | 'cancelled';
  readonly createdAt: Instant;
  updatedAt: Instant;
}

/** Somebody signed in at the marketplace; its token is what `mno_session` carries. */
export interface Login {
  readonly token: string;
  readonly personUid: string;
  ended: boolean;
}

export interface ExternalId {
  readonly id: string;
  readonly provider: string;
  readonly realm: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface ConnecRecord {
  /** The id Connec! gave. */
  readonly id: string;
  readonly collection: string;
  /** What applications call it. */
  externalIds: readonly ExternalId[];
  fields: Fields;
  readonly createdAt: Instant;
  updatedAt: Instant;
}

/** What a channel made for a marketplace could sell: keys of the hub. */
export interface Offer {
  readonly application: string;
  readonly plan: string;
}

/** Where one hub answers one marketplace. Paths begin with a slash. */
export interface HubPaths {
  readonly init: string;
  readonly consume: string;
  readonly metadata: string;
  readonly groups: string;
  readonly groupUsers: string;
  readonly notifications: string;
  readonly synchronizationStart: string;
  readonly synchronizationToggle: string;
  readonly synchronizationStatus: string;
}

export interface LocalMarketplace {
  readonly name: string;
  readonly title: string;
  /** What the hub shows as Basic user and password, and is called with. */
  readonly api: { readonly id: string; readonly key: string };
  /** `app-...-live`: the environment of the developer platform. */
  readonly nid: string;
  readonly hubUrl: string;
  readonly paths: HubPaths;
  readonly identity: SigningIdentity;
  readonly virtual: boolean;
  /** Of one that no channel is connected to yet: the start page says how. */
  readonly offer: Offer | undefined;
  readonly people: BoundedMap<string, Person>;
  readonly groups: BoundedMap<string, Group>;
  readonly resellers: BoundedMap<string, Reseller>;
  readonly bills: BoundedMap<string, Bill>;
  readonly recurringBills: BoundedMap<string, RecurringBill>;
  readonly logins: BoundedMap<string, Login>;
  /** Group uid to its records by Connec! id. */
  readonly connec: BoundedMap<string, BoundedMap<string, ConnecRecord>>;
}

/** One request that was answered, or cut off; the newest last. */
export interface ObservedCall {
  readonly at: Instant;
  readonly area: Area;
  /** '' = not known from the request. */
  readonly marketplace: string;
  readonly method: string;
  /** Path and query. Sessions and SAML requests are left out. */
  readonly path: string;
  readonly status: number;
}

export type Area = 'platform' | 'account' | 'connec' | 'recheck' | 'saml' | 'dashboard';
