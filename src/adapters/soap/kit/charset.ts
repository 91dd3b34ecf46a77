import { isAscii, isUtf8 } from 'node:buffer';
import { MalformedXml } from './parse.js';

/** The message says it is written in an encoding we do not read: HTTP 415. */
export class UnsupportedCharset extends Error {
  constructor() {
    super('charset not supported');
    this.name = 'UnsupportedCharset';
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1' | 'windows-1252' | 'us-ascii';

const names = new Map<string, Encoding | 'utf-16'>([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['utf-16', 'utf-16'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
  ['iso-8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
]);

/** 0x80 to 0x9f; Node's own decoder takes this charset for ISO-8859-1 before version 23. The five unassigned stay what they are. */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const declaration = /^<\?xml[ \t\r\n][^>]{0,200}?\bencoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._:-]{1,40})["']/;

/**
 * Bytes to text. Precedence: byte order mark, charset of the content type, shape of the first bytes, XML declaration.
 * The text starts after the mark.
 * @throws UnsupportedCharset, MalformedXml (contradiction between mark, header and declaration, or bytes that are not in the charset)
 */
export function decodeText(bytes: Buffer, charset: string | undefined): string {
  const mark = byteOrderMark(bytes);
  const body = mark === null ? bytes : bytes.subarray(mark === 'utf-8' ? 3 : 2);
  const encoding = mark ?? fromHeader(charset, body) ?? sniff(body);
  if (mark !== null && charset !== undefined && !agrees(lookup(charset), mark)) throw new MalformedXml('charset');
  const text = convert(body, encoding);
  const declared = text.startsWith('<?xml') ? declaration.exec(text)?.[1] : undefined;
  if (declared !== undefined) checkDeclaration(declared, encoding, mark !== null, charset !== undefined);
  return text;
}

function byteOrderMark(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function lookup(name: string): Encoding | 'utf-16' {
  const found = names.get(name.toLowerCase());
  if (found === undefined) throw new UnsupportedCharset();
  return found;
}

function fromHeader(charset: string | undefined, body: Buffer): Encoding | null {
  if (charset === undefined) return null;
  const found = lookup(charset);
  return found === 'utf-16' ? (wide(body) ?? 'utf-16be') : found;
}

function wide(body: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (body[0] === 0x3c && body[1] === 0) return 'utf-16le';
  if (body[0] === 0 && body[1] === 0x3c) return 'utf-16be';
  return null;
}

function sniff(body: Buffer): Encoding {
  const found = wide(body);
  if (found !== null) return found;
  const declared = declaration.exec(body.subarray(0, 256).toString('latin1'))?.[1];
  if (declared === undefined) return 'utf-8';
  const encoding = lookup(declared);
  if (encoding === 'utf-16' || isWide(encoding)) throw new MalformedXml('charset');
  return encoding;
}

function isWide(encoding: Encoding | 'utf-16'): boolean {
  return encoding.startsWith('utf-16');
}

function agrees(named: Encoding | 'utf-16', actual: Encoding): boolean {
  return named === actual || (named === 'utf-16' && isWide(actual));
}

/** A transport's charset wins over the declaration (RFC 7303), but 8-bit bytes cannot be UTF-16 or the reverse. */
function checkDeclaration(declared: string, actual: Encoding, marked: boolean, byHeader: boolean): void {
  const named = names.get(declared.toLowerCase());
  if (named === undefined) {
    if (byHeader) return;
    throw new UnsupportedCharset();
  }
  if (isWide(named) !== isWide(actual) || (marked && !agrees(named, actual))) throw new MalformedXml('charset');
}

function convert(body: Buffer, encoding: Encoding): string {
  switch (encoding) {
    case 'utf-8':
      if (!isUtf8(body)) throw new MalformedXml('charset');
      return body.toString('utf8');
    case 'us-ascii':
      if (!isAscii(body)) throw new MalformedXml('charset');
      return body.toString('latin1');
    case 'iso-8859-1':
      return body.toString('latin1');
    case 'windows-1252':
      return body.toString('latin1').replace(/[\u0080-\u009f]/g, (c) => windows1252[c.charCodeAt(0) - 0x80]!);
    default:
      try {
        return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(body);
      } catch {
        throw new MalformedXml('charset');
      }
  }
}
