/** Characters of a text the request inspector is given. */
const longest = 16_384;
/** Bytes of a body that are enough to show it. */
export const enoughToShow = 2 * longest;
const mask = '***';
/** Of parameters: some carry nothing but what lets somebody in. */
const secretParameter = /password|secret|token|key|samlresponse|samlrequest|session|voucher|^t$/i;
/** Of fields in JSON, with their quotes. */
const secretField = /password|secret|token|api_key|sso_session|"key"/i;

/** A text as operators may see it, cut to size. */
export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** JSON without what sounds like a secret; a value that is cut in two is still a value. */
export function shownJson(text: string): string {
  // strangers write this text: the pattern looks for no word, so that it is done in one pass
  const shown = text
    .slice(0, enoughToShow)
    .replace(/("[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/g, (whole, name: string) =>
      secretField.test(name) ? `${name}"${mask}"` : whole,
    );
  return cut(shown);
}

/** A query or form without what sounds like a secret. */
export function shownForm(text: string): string {
  const shown: string[] = [];
  for (const [name, value] of new URLSearchParams(text.slice(0, enoughToShow))) {
    shown.push(`${encodeURIComponent(name)}=${secretParameter.test(name) ? mask : encodeURIComponent(value)}`);
  }
  return cut(shown.join('&'));
}
