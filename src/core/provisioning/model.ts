import type { Instant } from '../shared/clock.js';
import type { Lifecycle } from '../shared/lifecycle.js';
import type { Property } from '../shared/properties.js';

/** One application provisioned for one tenant. */
export interface Instance extends Lifecycle {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** The natural name in a seed file; null for the others. */
  readonly key: string | null;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly channelId: string;
  readonly name: string;
  /** '' = the application's own. */
  readonly accessUrl: string;
  /** Configuration by name, as the marketplace set it up. */
  readonly parameters: Readonly<Record<string, string>>;
  /** When it was last set up; null before that. */
  readonly configuredAt: Instant | null;
  readonly description: string;
  /** Name-value pairs of whoever manages it, in their order; not part of its configuration. */
  readonly properties: readonly Property[];
  /** The operator's own reference, given with an approval; shown to operators only. */
  readonly operatorReference: string;
}

/** What an instance proves itself with when it sends traffic; one per instance. */
export interface TrafficCredential {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly instanceId: string;
  readonly tenantId: string;
  /** argon2id. */
  readonly passwordHash: string;
  /** Counts password changes: part of every credential cache key. */
  readonly credentialVersion: number;
}

/** An instance as its credential finds it, with everything that decides whether it may send traffic now. */
export interface TrafficClient {
  readonly instanceId: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly channelId: string;
  readonly channelName: string;
  /** argon2id. */
  readonly passwordHash: string;
  readonly credentialVersion: number;
  /** Wrong passwords in a row, told by gateways. */
  readonly failures: number;
  /** Tenant that owns the application. */
  readonly ownerTenant: Lifecycle;
  readonly application: Lifecycle;
  readonly instance: Lifecycle;
  /** Keys of the groups whose agreements hold; '' = none. */
  readonly ownerGroup: string;
  readonly applicationGroup: string;
}

export const approvalKinds = ['register', 'update', 'delete'] as const;
export type ApprovalKind = (typeof approvalKinds)[number];
export const approvalStatuses = ['OPEN', 'APPROVED', 'DISAPPROVED', 'WITHDRAWN'] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];
export type ApprovableKind = 'tenant' | 'application' | 'instance';

/** A change waiting for an operator. The live row stays untouched until the answer. */
export interface Approval {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly kind: ApprovalKind;
  readonly objectKind: ApprovableKind;
  readonly objectId: string;
  readonly tenantId: string;
  readonly channelId: string;
  /** The fields to be written on approval; {} for delete. */
  readonly proposed: Readonly<Record<string, unknown>>;
  /** Version of the object the proposal was made against. */
  readonly baseVersion: number;
  readonly status: ApprovalStatus;
  /** The object's id while open, this approval's own id afterwards: unique, so at most one is open. */
  readonly openKey: string;
  readonly requestedBy: string;
  readonly decidedBy: string;
  readonly decidedAt: Instant | null;
  readonly decisionReason: string;
}
