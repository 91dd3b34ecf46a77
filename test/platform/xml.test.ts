import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { findXmlFault } from '../../src/platform/xml.js';

const wellFormed = [
  '<a/>',
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a>text &amp; &#x41;</a>\n<!-- after -->',
  '\ufeff<a/>',
  '<Sla xmlns="urn:a" xmlns:b="urn:b" b:x="1" x="2"><b:c xml:lang="de"/><![CDATA[<raw>&]]></Sla>',
  '<a><?keep this?><b xmlns=""/></a>',
  '<日本 ä="ö">𝒳</日本>',
];
/** Each with the line and column where reading stops and what is said. */
const faulty: readonly (readonly [text: string, place: readonly [number, number], problem: RegExp])[] = [
  ['', [1, 1], /root element/],
  ['   \n ', [2, 2], /root element/],
  ['plain text', [1, 11], /outside of root/],
  ['<a>', [1, 4], /unclosed tag: a/],
  ['<a>\n  <b>\n</a>', [3, 5], /unexpected close tag|unmatched/],
  ['<a/><b/>', [1, 8], /only one root/],
  ['<a x="1" x="2"/>', [1, 17], /duplicate attribute/],
  ['<a xmlns:p="urn:u" xmlns:q="urn:u" p:x="1" q:x="2"/>', [1, 53], /duplicate attribute/],
  ['<p:a/>', [1, 7], /unbound namespace prefix/],
  ['<a p:x="1"/>', [1, 13], /unbound namespace prefix/],
  ['<a>&nbsp;</a>', [1, 10], /undefined entity/],
  ['<a>&</a>', [1, 9], /unclosed/],
  ['<a>&lt</a>;</a>', [1, 12], /entity/],
  ['<a x=1/>', [1, 7], /unquoted/],
  ['<a x="<"/>', [1, 8], /disallowed/],
  ['<a>]]></a>', [1, 7], /disallowed in char data/],
  ['<a>\u0001</a>', [1, 5], /disallowed character/],
  ['<a><!-- -- --></a>', [1, 12], /comment/],
  ['<a/>text', [1, 9], /outside of root/],
  [' <?xml version="1.0"?><a/>', [1, 8], /start of the document/],
  ['<!DOCTYPE a><a/>', [1, 13], /DOCTYPE/],
  ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', [1, 55], /DOCTYPE/],
];

test.each(wellFormed)('%j is well-formed', (text) => {
  expect(findXmlFault(text)).toBeNull();
});

test.each(faulty)('%j is not', (text, [line, column], problem) => {
  expect(findXmlFault(text)).toEqual({ line, column, problem: expect.stringMatching(problem) });
});

test('another parser finds faults in the same ones', () => {
  const option = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
  const reads = (text: string): boolean => {
    try {
      XmlDocument.fromString(text, { option }).dispose();
      return true;
    } catch {
      return false;
    }
  };
  expect(wellFormed.map(reads)).toEqual(wellFormed.map(() => true));
  // libxml2 reads documents with a DOCTYPE; here they are refused
  const others = faulty.filter(([text]) => !text.startsWith('<!DOCTYPE'));
  expect(others.filter(([text]) => reads(text))).toEqual([]);
});

test('depth is bounded, so that a small document cannot cost much', () => {
  const nested = (levels: number) => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`;
  expect(findXmlFault(nested(100))).toBeNull();
  expect(findXmlFault(nested(101))?.problem).toMatch(/nested/);
  expect(findXmlFault('<a>'.repeat(80_000))?.problem).toMatch(/nested/);
});

test('what is said about a fault is short, whatever the document holds', () => {
  expect(findXmlFault(`<${'x'.repeat(5_000)}>`)?.problem).toHaveLength(200);
});
