import type { Instant } from '../shared/clock.js';
import type { Lifecycle } from '../shared/lifecycle.js';
import type { Property } from '../shared/properties.js';

export const tenantKinds = ['provider', 'reseller', 'customer', 'group'] as const;
export type TenantKind = (typeof tenantKinds)[number];

export interface Contact {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Postal, as one text of up to 2,000 characters. */
  readonly address?: string;
}

/** A customer organisation; a tree. `parentId` and `channelId` are set once and never change. */
export interface Tenant extends Lifecycle {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** The natural name in a seed file; null for the others. */
  readonly key: string | null;
  readonly kind: TenantKind;
  readonly name: string;
  /** '' for a root. */
  readonly parentId: string;
  /** The channel that manages this tenant; '' for the hub's own. */
  readonly channelId: string;
  /** ISO 3166-1 alpha-2, or ''. */
  readonly country: string;
  /** IANA name for display only, or ''. */
  readonly timeZone: string;
  readonly contact: Contact;
  /** Name-value pairs of whoever manages the tenant, in their order. */
  readonly properties: readonly Property[];
  /** The group whose service level agreements hold for it; '' = none. */
  readonly serviceLevelGroupId: string;
  /** The operator's own reference, given with an approval; shown to operators only. */
  readonly operatorReference: string;
}
