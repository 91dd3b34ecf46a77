import type { HierarchyScope } from '../../../core/hierarchy-reader.js';
import { requireRight } from '../../../core/shared/actor.js';
import { checkText } from '../../../core/shared/text.js';
import type { Input, KakapoCall } from './context.js';

/** What the calling interface user may act on. Errors: forbidden (not even to read). */
export function scopeOf(call: KakapoCall): HierarchyScope {
  requireRight(call.actor, 'read');
  return { channelId: call.channel.id, withinId: call.actor.tenantId };
}

/** A mandatory parameter: whoever received the call has seen that it is there. */
export function need(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new TypeError(`no ${name}`);
  return value;
}

export function optional(input: Input, name: string): string | undefined {
  return input[name] as string | undefined;
}

/** The id of something that is to be made. Errors: invalid_value. */
export function newId(input: Input, name: string): string {
  return checkText(name, need(input, name), 255);
}

const nameLength = 200;

/** A display name that must be there. Errors: invalid_value. */
export function newName(input: Input, name: string): string {
  return checkText(name, need(input, name), nameLength);
}

/** A display name; without one as much of the id as names have room for. Errors: invalid_value. */
export function nameOf(input: Input, name: string, id: string): string {
  if (optional(input, name) !== undefined) return newName(input, name);
  return id
    .slice(0, nameLength)
    .replace(/\p{Surrogate}$/u, '')
    .trimEnd();
}
