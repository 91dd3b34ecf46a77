import { Refusal } from './refusal.js';

/** The protocol has no pages: longer lists are refused, because half of one would be taken for all of it. */
const longest = 50_000;

/** How many items to ask for, so that a longer list is noticed. */
export const mostAsked = longest + 1;

export function checkLength<T>(items: readonly T[]): readonly T[] {
  if (items.length > longest) throw new Refusal(`The list has more than ${longest} items`);
  return items;
}
