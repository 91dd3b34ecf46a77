import { escapeAttribute } from './escape.js';

const address = /(<[\w.-]+:address\b[^>]*?\blocation=")[^"]*(")/g;
/** One or two spellings of a path are normal; more must not fill the memory. */
const remembered = 8;

/** Our WSDL with its addresses at the given URL; the text is kept per URL. */
export function wsdlServer(text: string): (url: string) => string {
  const known = new Map<string, string>();
  return (url) => {
    const before = known.get(url);
    if (before !== undefined) return before;
    const served = text.replace(address, (_, head: string, tail: string) => head + escapeAttribute(url) + tail);
    if (known.size < remembered) known.set(url, served);
    return served;
  };
}
