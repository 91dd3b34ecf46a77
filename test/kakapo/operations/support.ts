import type { Outcome, Parameters, SoapCall } from '../support/soap.js';

/** The items of an answer that must be a success. */
export async function done(answer: Promise<Outcome>): Promise<Outcome['items']> {
  const { success, errorMessage, fault, items } = await answer;
  if (success !== true) throw new Error(`refused: ${errorMessage ?? fault}`);
  return items;
}

/** The text of an answer that must be a refusal. */
export async function refused(answer: Promise<Outcome>): Promise<string> {
  const { success, errorMessage, fault, items } = await answer;
  if (success !== false || items.length > 0) throw new Error(`no refusal: ${success} ${fault}`);
  return errorMessage ?? '';
}

/** The same caller with parameters that every call has. */
export function about(call: SoapCall, common: Parameters): SoapCall {
  return (operation, parameters = {}) => call(operation, { ...common, ...parameters });
}

/** How often each outcome came; refusals by their text. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { success, errorMessage, fault } of outcomes) {
    const what = success === true ? 'done' : (errorMessage ?? fault);
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
