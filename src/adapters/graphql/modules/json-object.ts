import { invalid } from '../../../core/shared/errors.js';

/** The object a text of JSON is. Throws `invalid_value`. */
export function readJsonObject(field: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(field, 'must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(field, 'must be a JSON object');
  }
  return value as Record<string, unknown>;
}
