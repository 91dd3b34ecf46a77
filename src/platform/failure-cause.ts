/** What went wrong at the bottom of a chain of causes: `fetch failed` alone says nothing. */
export function innermostCause(error: unknown): unknown {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost;
}

/** The text of it, for logs and operators. */
export function reasonOf(error: unknown): string {
  const innermost = innermostCause(error);
  return innermost instanceof Error ? innermost.message || innermost.name : String(innermost);
}
