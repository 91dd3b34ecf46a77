import { DomainError } from '../../core/shared/errors.js';
import type { Secrets } from '../secrets.js';

export type CursorValue = string | number | null;

const macLength = 32;
const purpose = 'cursor';

/** The ordered value and the id of a row, under a code over them and everything the list was asked by. */
export function writeCursor(secrets: Secrets, binding: string, values: readonly CursorValue[]): string {
  const content = Buffer.from(JSON.stringify(values), 'utf8');
  return Buffer.concat([secrets.hmac(purpose, bound(binding, content)), content]).toString('base64url');
}

/** Throws `invalid_cursor` for one that was changed, or made for another list, ordering or filter. */
export function readCursor(secrets: Secrets, binding: string, cursor: string): CursorValue[] {
  const bytes = Buffer.from(cursor, 'base64url');
  const content = bytes.subarray(macLength);
  if (
    bytes.length <= macLength ||
    !secrets.verifyHmac(purpose, bound(binding, content), bytes.subarray(0, macLength))
  ) {
    throw new DomainError('invalid_cursor');
  }
  return JSON.parse(content.toString('utf8')) as CursorValue[];
}

function bound(binding: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${binding}\n`, 'utf8'), content]);
}
