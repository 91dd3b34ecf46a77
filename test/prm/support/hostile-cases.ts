import { gzipSync } from 'node:zlib';
import type { Shot } from '../../proofs/hostile/send.js';
import { message } from './caller.js';

export interface HostileCase extends Omit<Shot, 'path'> {
  readonly name: string;
  readonly status: readonly number[];
  /** What the answer must say. */
  readonly says?: RegExp;
}

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';

/** Messages no honest application sends to an operation, made of a right one. */
export function hostileCases(service: string, operation: string, input: object, header: string): HostileCase[] {
  const right = message(service, operation, input as never, header);
  const type = { 'content-type': 'text/xml; charset=utf-8' };
  const at = (name: string, body: string | Buffer, more: Partial<HostileCase> = {}): HostileCase => ({
    name,
    body,
    status: [500],
    ...more,
    headers: { ...type, ...more.headers },
  });
  const doctype = (subset: string, use = '') =>
    right.replace('?>', `?><!DOCTYPE a [${subset}]>`).replace('</m:', `${use}</m:`);
  const inHeader = (blocks: string) => right.replace('<s:Header>', `<s:Header>${blocks}`);
  const inOperation = (content: string) => right.replace(`</m:${operation}>`, `${content}</m:${operation}>`);
  const utf16 = Buffer.from(`\ufeff${doctype('<!ENTITY x "boom">', '&x;').replace('utf-8', 'utf-16')}`, 'utf16le');
  const body = /<s:Body>.*<\/s:Body>/s.exec(right)![0];
  const noDtd = { says: /DTD is prohibited/ };
  const limit = { says: /exceeds the limits/ };

  return [
    at('nothing', ''),
    at('no XML', 'hello', { says: /not well-formed/ }),
    at('JSON', '{"login":{}}'),
    at('cut off', right.slice(0, -7), { says: /not well-formed/ }),
    at('two documents', right + right.replace(/^<\?xml.*?\?>/, '')),
    at('a DOCTYPE', doctype(''), noDtd),
    at('an entity', doctype('<!ENTITY x "boom">', '&x;'), noDtd),
    at('an external entity', doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;'), noDtd),
    at('an external DTD', right.replace('?>', '?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">'), noDtd),
    at(
      'a bomb of entities',
      doctype('<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">', '&c;'),
      noDtd,
    ),
    at('a DOCTYPE in UTF-16', utf16, { ...noDtd, headers: { 'content-type': 'text/xml' } }),
    at('a processing instruction', right.replace('<s:Body>', '<?evil ?><s:Body>'), { says: /Processing instructions/ }),
    at('XInclude', inOperation('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')),
    at('gzip that is none', right, { headers: { 'content-encoding': 'gzip' }, status: [415, 400, 500] }),
    at('a gzip bomb', gzipSync(Buffer.alloc(20_000_000, 32)), {
      headers: { 'content-encoding': 'gzip' },
      status: [413, 415, 0],
    }),
    at('a coding of a coding', right, { headers: { 'content-encoding': 'gzip, gzip' }, status: [415] }),
    at('a thousand levels', inOperation('<a>'.repeat(1_000) + '</a>'.repeat(1_000)), limit),
    at('a hundred thousand elements', inOperation('<a/>'.repeat(100_000)), { ...limit, status: [413, 500] }),
    at(
      'five thousand attributes',
      inOperation(`<a ${Array.from({ length: 5_000 }, (_, n) => `a${n}=""`).join(' ')}/>`),
      limit,
    ),
    at('two megabytes', inOperation('x'.repeat(2_000_000)), { status: [413, 0] }),
    at('another charset than it says', Buffer.from(inOperation('Größe'), 'latin1'), { says: /character encoding/ }),
    at('an unknown charset', right, { headers: { 'content-type': 'text/xml; charset=klingon' }, status: [415] }),
    at('another content type', right, { headers: { 'content-type': 'application/json' }, status: [415] }),
    at('no content type', right, { headers: { 'content-type': '' }, status: [415] }),
    at('an Envelope of another namespace', right.replace(soap11, 'urn:e'), { says: /VersionMismatch/ }),
    at('SOAP 1.1 that says it is 1.2', right, { headers: { 'content-type': 'application/soap+xml' }, status: [415] }),
    at('no Envelope', body.replace('<s:Body>', `<s:Body xmlns:s="${soap11}">`)),
    at('no Body', right.replace(body, '')),
    at('an empty Body', right.replace(body, '<s:Body/>')),
    at('two Bodies', right.replace(body, body + body), { says: /Only one soap:Body/ }),
    at('two operations', right.replace('</s:Body>', `${body.replace(/<\/?s:Body>/g, '')}</s:Body>`), {
      says: /Only one element/,
    }),
    at('two Headers', right.replace('<s:Body>', '<s:Header/><s:Header/><s:Body>'), { says: /Only one soap:Header/ }),
    at('a header that must be understood', inHeader('<x xmlns="urn:x" s:mustUnderstand="1"/>'), {
      says: /MustUnderstand/,
    }),
    at(
      'a Security block of another draft',
      inHeader(`<w:Security xmlns:w="http://schemas.xmlsoap.org/ws/2002/07/secext" s:mustUnderstand="true"/>`),
      { says: /MustUnderstand/ },
    ),
    at('an unknown operation', right.replaceAll(`m:${operation}`, 'm:dropTables'), { says: /not known/ }),
    at('an operation of another service', right.replaceAll(`urn:prm:4.0:${service}"`, 'urn:prm:4.0:Other"'), {
      says: /not known/,
    }),
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].flatMap((name) => [
      at(`an operation called ${name}`, right.replaceAll(`m:${operation}`, `m:${name}`), { says: /not known/ }),
      at(`a field called ${name}`, inOperation(`<m:${name}>x</m:${name}>`)),
    ]),
    at('a field too many', inOperation('<m:more>x</m:more>')),
    at('another operation in SOAPAction', right.replaceAll(`m:${operation}`, 'm:dropTables'), {
      headers: { soapaction: `"${operation}"` },
      says: /not known/,
    }),
    at('a PUT', right, { method: 'PUT', status: [405] }),
    at('a DELETE', right, { method: 'DELETE', status: [405] }),
  ];
}
