import { type Instant, toMilliseconds } from './clock.js';
import { idPrefixes, type ObjectKind } from './ids.js';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** 48 bits of milliseconds behind the two zero bits an id begins with. */
const stampLength = 10;
const prefixLength = 4;

/**
 * The id with its time set to the instant: for facts that are kept in the order they happened in, not the order they were told
 * in. What made it unique stays.
 */
export function idAt(id: string, instant: Instant): string {
  return `${id.slice(0, prefixLength)}${stampOf(instant)}${id.slice(prefixLength + stampLength)}`;
}

/** Not greater than any id of this kind with this time or a later one, and greater than all with an earlier one. */
export function firstIdAt(kind: ObjectKind, instant: Instant): string {
  return `${idPrefixes[kind]}_${stampOf(instant)}`;
}

function stampOf(instant: Instant): string {
  let rest = toMilliseconds(instant);
  let stamp = '';
  for (let at = 0; at < stampLength; at += 1) {
    stamp = alphabet[rest % 32]! + stamp;
    rest = Math.floor(rest / 32);
  }
  return stamp;
}
