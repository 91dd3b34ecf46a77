/**
 * An instant is UTC text with milliseconds and a Z: `2026-11-21T08:00:00.000Z`. Text order is time order, both databases
 * store it unchanged, and answers carry it as it is.
 */
export type Instant = string;

/** Time as a port: the core never reads the wall clock, tests move it by days. */
export interface Clock {
  now(): Instant;
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export function toInstant(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString();
}

export function toMilliseconds(instant: Instant): number {
  return Date.parse(instant);
}

/** The instant `milliseconds` after (or, when negative, before) the given one. */
export function shift(instant: Instant, milliseconds: number): Instant {
  return toInstant(toMilliseconds(instant) + milliseconds);
}
