import type { ObjectKind } from './ids.js';

/** What happened to one aggregate, told to subscribers after commit. `type` is `context.thing_past` (`license.assigned`). */
export interface DomainEvent {
  readonly type: string;
  readonly aggregate: { readonly kind: ObjectKind; readonly id: string; readonly version: number };
  /** '' when the event belongs to no tenant. */
  readonly tenantId: string;
  /** Plain JSON without secrets. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An event as the relay hands it on: with its public sequence number and the instant of its command. */
export interface PublishedEvent extends DomainEvent {
  readonly id: string;
  readonly sequence: number;
  readonly at: string;
}
