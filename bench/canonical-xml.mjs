import { SaxesParser } from 'saxes';

/** Elements, namespaces and texts of a document, without prefixes, attributes that only declare, and blanks between elements. */
export function canonicalXml(text) {
  const parser = new SaxesParser({ xmlns: true });
  const parts = [];
  let content = '';
  const flush = () => {
    if (content.trim() !== '') parts.push(content);
    content = '';
  };
  parser.on('opentag', (tag) => {
    flush();
    parts.push(`<{${tag.uri}}${tag.local}>`);
  });
  parser.on('closetag', () => {
    flush();
    parts.push('</>');
  });
  parser.on('text', (piece) => {
    content += piece;
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
  const start = parts.findIndex((part) => part.endsWith('}Body>'));
  return parts.slice(start).join('');
}
