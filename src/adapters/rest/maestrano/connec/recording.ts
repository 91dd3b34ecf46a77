/** Characters of a text the request inspector is given. */
const longest = 16_384;

/** What was asked and answered, as operators may see it: without credentials and what sounds like a secret, cut to size. */
export function shownText(text: string): string {
  const shown = text
    .slice(0, 2 * longest)
    .replace(/("[^"]*(?:password|secret|token|api_key)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi, '$1"***"');
  return shown.length > longest ? `${shown.slice(0, longest)}...` : shown;
}
