import type { PublishedEvent } from '../../core/shared/events.js';

/** What a receiver gets. `id` is the same at every try; `sequence` orders events over the whole hub. */
export interface SentEvent {
  readonly id: string;
  readonly type: string;
  /** When it happened. */
  readonly timestamp: string;
  readonly sequence: number;
  /** '' when the event belongs to no tenant. */
  readonly tenantId: string;
  readonly object: { readonly kind: string; readonly id: string; readonly version: number };
  readonly data: Readonly<Record<string, unknown>>;
}

/** The text that is signed and sent, byte for byte. */
export function webhookBody(event: PublishedEvent): string {
  const sent: SentEvent = {
    id: event.id,
    type: event.type,
    timestamp: event.at,
    sequence: event.sequence,
    tenantId: event.tenantId,
    object: event.aggregate,
    data: event.payload,
  };
  return JSON.stringify(sent);
}
