/** Characters of a text the request inspector is given. */
const longest = 16_384;
const mask = '***';

/** A call as operators may see it: without credentials, and without what somebody typed as a password. */
export function recordedQuestion(method: string, url: string, form: URLSearchParams | undefined): string {
  if (form === undefined) return `${method} ${url}`;
  const shown = new URLSearchParams(form);
  if (shown.has('password')) shown.set('password', mask);
  return cut(`${method} ${url}\n\n${shown}`);
}

/** An answer without the tokens of people's sessions there. */
export function recordedAnswer(text: string): string {
  return cut(text).replace(/("(?:sso_session|password|api_key|key|token)"\s*:\s*")(?:[^"\\]|\\.)*/g, `$1${mask}`);
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
