import type { Application } from '../catalog/index.js';
import type { Instant } from '../shared/clock.js';
import type { Property } from '../shared/properties.js';
import type { Tenant } from '../tenancy/index.js';

export const memberKinds = ['tenant', 'application'] as const;
export type MemberKind = (typeof memberKinds)[number];

/** A named group whose members share agreements; unique by (channelId, memberKind, key) while live. */
export interface ServiceLevelGroup {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** The channel that manages it and its members; '' for the hub's own. */
  readonly channelId: string;
  /** What can be in it. */
  readonly memberKind: MemberKind;
  /** The channel's own id of it, byte-exact. */
  readonly key: string;
  /** Name-value pairs of the operator, in their order; shown to the operator's side only. */
  readonly properties: readonly Property[];
  readonly terminatedAt: Instant | null;
  /** '0' while live, its own id once terminated. */
  readonly liveKey: string;
}

export const agreementScopes = ['tenant', 'application', 'instance'] as const;
/** What an agreement holds for: the tenants or the applications of a group, or one instance. */
export type AgreementScope = (typeof agreementScopes)[number];

/** A document that says what level of service is granted; unique by (targetId, type) while live. */
export interface ServiceLevelAgreement {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** The target's. */
  readonly channelId: string;
  readonly scope: AgreementScope;
  /** The group or the instance it hangs on. */
  readonly targetId: string;
  /** The instance's tenant; '' for a group's. */
  readonly tenantId: string;
  /** One of `agreementTypes`, or an id of the operator's own. */
  readonly type: string;
  /** XML, as it was given. */
  readonly document: string;
  readonly terminatedAt: Instant | null;
  /** '0' while live, its own id once ended. */
  readonly liveKey: string;
}

/** The types every channel knows, the default first (PRM guide 5.1, the ...SlaByType operations). */
export const agreementTypes = {
  tenant: ['service_provider', 'system:geo_service_provider', 'service_provider_node'],
  application: ['application', 'system:geo_application'],
} as const satisfies Record<MemberKind, readonly string[]>;

/** What a type of a group's agreement stands for; undefined for a custom one. */
export function memberKindOfType(type: string): MemberKind | undefined {
  return memberKinds.find((kind) => (agreementTypes[kind] as readonly string[]).includes(type));
}

/** Something that can be in a group. */
export type GroupMember =
  | { readonly kind: 'tenant'; readonly row: Tenant }
  | { readonly kind: 'application'; readonly row: Application };

/** Where a document stops being well-formed XML; line and column from 1. */
export interface XmlFault {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}
