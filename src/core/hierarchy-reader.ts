import type { Instant } from './shared/clock.js';

/** Whose objects are asked for: those of a channel, and for an account of a tenant only that one and what is below it. */
export interface HierarchyScope {
  readonly channelId: string;
  /** null = the whole channel. */
  readonly withinId: string | null;
}

/** The channel's own ids, from the provider down. */
export interface ResellerKey {
  readonly provider: string;
  readonly reseller: string;
}
export type GroupKey = ResellerKey & { readonly group: string };

/** What to look for with one question; a license type is one of the hub's own applications. */
export interface HierarchyKey {
  readonly provider: string;
  readonly reseller?: string | undefined;
  /** Of the reseller. */
  readonly group?: string | undefined;
  /** Of the provider. */
  readonly user?: string | undefined;
  readonly licenseType?: { readonly application: string; readonly code: string } | undefined;
}

/** Our ids of what is there and not deleted, null for what is not. */
export interface Located {
  readonly provider: string;
  readonly reseller: string | null;
  readonly group: string | null;
  readonly user: LocatedUser | null;
  readonly licenseType: string | null;
}

/** A person with a place in a group of the provider. */
export interface LocatedUser {
  readonly userId: string;
  readonly membershipId: string;
  /** The group's. */
  readonly tenantId: string;
  /** The channel's ids of where that is. */
  readonly place: { readonly reseller: string; readonly group: string };
}

export interface ListedProvider {
  readonly provider: string;
  readonly name: string;
  /** Its property `systemProviderId`; '' when it has none. */
  readonly systemProviderId: string;
}
export interface ListedTenant {
  readonly externalId: string;
  readonly name: string;
}
export interface ListedUser {
  readonly user: string;
  readonly name: string;
}
export interface ListedLicense {
  readonly application: string;
  readonly licenseType: string;
  readonly assignedAt: Instant;
}

/** The pool of a tenant; free = quantity - subPurchased - assigned, below zero where it was oversold. */
export interface ListedPool {
  readonly application: string;
  readonly licenseType: string;
  readonly quantity: number;
  /** Quantities of the pools below that draw from it. */
  readonly subPurchased: number;
  readonly assigned: number;
  readonly oversell: boolean;
}

/**
 * Providers with their resellers, groups and users by a channel's own ids; what is deleted is not there. Every question is one
 * statement and answers null when what it is about is not there or not in the scope. Lists are in the order of the ids and have at
 * most `limit` items.
 */
export interface HierarchyReader {
  locate(scope: HierarchyScope, key: HierarchyKey): Promise<Located | null>;
  /** All providers in the scope. */
  providers(scope: HierarchyScope, limit: number): Promise<readonly ListedProvider[]>;
  /** Those directly below a provider. */
  providersBelow(scope: HierarchyScope, provider: string, limit: number): Promise<readonly ListedProvider[] | null>;
  resellers(scope: HierarchyScope, provider: string, limit: number): Promise<readonly ListedTenant[] | null>;
  groups(scope: HierarchyScope, key: ResellerKey, limit: number): Promise<readonly ListedTenant[] | null>;
  users(scope: HierarchyScope, key: GroupKey, limit: number): Promise<readonly ListedUser[] | null>;
  /** Seats of a person in the group, of the hub's own applications. */
  licenses(scope: HierarchyScope, provider: string, user: string): Promise<readonly ListedLicense[] | null>;
  /** Pools of a reseller or group for the hub's own applications; without those of instances. */
  pools(scope: HierarchyScope, key: ResellerKey & { readonly group?: string }): Promise<readonly ListedPool[] | null>;
}
