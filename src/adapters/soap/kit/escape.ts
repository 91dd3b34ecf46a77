// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML 1.0 cannot carry
const special = /[<>&\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;
const each =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML 1.0 cannot carry
  /[\ud800-\udbff][\udc00-\udfff]|[<>&\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/g;

function replacement(found: string): string {
  switch (found) {
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '&':
      return '&amp;';
    case '\r':
      return '&#xD;';
    default:
      // a surrogate pair stays, everything else here is illegal in XML 1.0 and dropped
      return found.length === 2 ? found : '';
  }
}

/** Text for element content. Characters that XML 1.0 cannot carry are dropped. */
export function escapeText(text: string): string {
  return special.test(text) ? text.replace(each, replacement) : text;
}

/** Text for an attribute value in double quotes. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;');
}
