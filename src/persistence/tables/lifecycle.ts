import { ascii, bool, instant, json, nullable } from './columns.js';

/** The columns of everything that has a lifecycle. */
export const lifecycle = {
  activated: bool(),
  holds: json(),
  locked: bool(),
  pending: ascii(16),
  terminatedAt: nullable(instant()),
};
