import { ConnecFailure } from './failure.js';
import type { JsonObject } from './paths.js';
import { valueAt } from './paths.js';

/**
 * The address of the next page, which the answer names: our credentials go nowhere but to the same collection of the same group.
 * Null = that was the last one. Throws `ConnecFailure` (refused) for any other place.
 */
export function nextPage(answer: JsonObject, collectionUrl: string, current: string): string | null {
  const next = valueAt(answer, 'pagination.next');
  if (next === undefined || next === null || next === '') return null;
  const url = typeof next === 'string' && URL.canParse(next) ? new URL(next) : undefined;
  const own = new URL(collectionUrl);
  const same =
    url !== undefined &&
    url.origin === own.origin &&
    url.username === '' &&
    url.password === '' &&
    withoutSlash(url.pathname) === withoutSlash(own.pathname);
  if (!same) throw new ConnecFailure('refused', 'pagination.next leads out of the collection');
  url.hash = '';
  if (url.href === new URL(current).href) throw new ConnecFailure('refused', 'pagination.next leads back to its page');
  return url.href;
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
