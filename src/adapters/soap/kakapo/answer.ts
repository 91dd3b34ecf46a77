import type { DomainError } from '../../../core/shared/errors.js';
import type { KakapoCall } from './context.js';
import type { Refusal } from './refusal.js';

/** The text of a refusal. */
export function errorMessageOf(error: DomainError | Refusal, _call: KakapoCall): string {
  return error.message;
}
