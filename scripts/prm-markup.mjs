/** Lines of XML, two blanks for each level. */
const escapeText = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escapeValue = (text) => escapeText(text).replaceAll('"', '&quot;');

function head(name, attributes) {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeValue(value)}"`);
  return `<${name}${written.join('')}`;
}

/** An element without content. */
export const closed = (name, attributes) => `${head(name, attributes)}/>`;

/** An element around other lines. */
export function tag(name, attributes, lines) {
  if (lines.length === 0) return [closed(name, attributes)];
  return [`${head(name, attributes)}>`, ...lines.map((line) => `  ${line}`), `</${name}>`];
}

/** An element with text. */
export const text = (name, content) => `<${name}>${escapeText(content)}</${name}>`;
