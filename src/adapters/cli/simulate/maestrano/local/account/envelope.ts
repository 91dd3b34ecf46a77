import { type Answer, json } from '../http.js';

export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What every answer of the account API is wrapped in (spec Maestrano 1.7). */
export function success(data: object): Answer {
  return json(200, { success: true, errors: {}, data });
}

/** A record that is not there is no HTTP error. */
export function missing(): Answer {
  return json(200, { success: false, errors: { id: ['does not exist'] }, data: {} });
}

export function refused(status: number, errors: FieldErrors): Answer {
  return json(status, { success: false, errors, data: {} });
}
