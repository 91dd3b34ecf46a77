import { explain } from '../explain.js';
import { refusalOf } from './soap-client.js';

/** Why a call brought no answer, in one line: the words of a fault, the HTTP status, or what the error says. */
export function problemOf(error: unknown): string {
  return refusalOf(error)?.text ?? explain(error).message;
}
