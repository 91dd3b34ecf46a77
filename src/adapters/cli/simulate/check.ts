/** Compares one thing; for the checks of a scenario. Empty when it is as it must be. */
export function expectEqual(what: string, actual: unknown, wanted: unknown): readonly string[] {
  return String(actual) === String(wanted) ? [] : [`${what} is ${String(actual)}, expected ${String(wanted)}`];
}
