import { isDomainError } from '../../shared/errors.js';
import { keepable } from '../../shared/text.js';

const ellipsis = '…';

/**
 * A name as it was sent, in whatever alphabet, so far as the hub can keep it: without outer blanks and the characters it refuses
 * everywhere; one longer than `most` loses its end, which an ellipsis stands for, and never half a character.
 */
export function cleanText(text: string, most = 200): string {
  const clean = keepable(text);
  if (clean.length <= most) return clean;
  let kept = '';
  for (const character of new Intl.Segmenter().segment(clean.slice(0, most))) {
    if (kept.length + character.segment.length > most - ellipsis.length) break;
    kept += character.segment;
  }
  return kept.trimEnd() + ellipsis;
}

/** The value when the check lets it pass, else ''. */
export function validOrNone(value: string, check: (value: string) => string): string {
  try {
    return check(value);
  } catch (error) {
    if (isDomainError(error, 'invalid_value')) return '';
    throw error;
  }
}
