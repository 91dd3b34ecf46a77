import type { Outcome } from '../../support/soap.js';

/** 'done', or why not. */
export async function done(call: Promise<Outcome>): Promise<string> {
  const { success, errorMessage, fault, text } = await call;
  return success ? 'done' : (errorMessage ?? (fault || text));
}
