import { gzipSync } from 'node:zlib';
import { credentials } from '../../support/hub-seed.js';
import { basic, necNamespace, type SoapVersion, soapEnvelope, soapNamespaces } from '../../support/soap-call.js';
import type { Shot } from './send.js';

export interface Case extends Shot {
  readonly name: string;
  /** What the status must be; any refusal when absent. */
  readonly status?: readonly number[];
  /** What the answer must contain. */
  readonly says?: RegExp;
}

const path = '/ncbs/carrier/NcbsIsvService';
const types = { '1.1': 'text/xml', '1.2': 'application/soap+xml' } as const;
const operation = (name: string, inner = '') => `<${name} xmlns="${necNamespace}">${inner}</${name}>`;
const utf16 = (text: string) => Buffer.from(`\ufeff${text.replace('utf-8', 'utf-16')}`, 'utf16le');

/** Messages no honest marketplace sends, in one SOAP version, and what the answer must be. */
export function soapCases(version: SoapVersion): Case[] {
  const authorization = basic(credentials.carrier);
  const wrap = (body: string) => soapEnvelope(body, { version });
  const ping = wrap(operation('Ping', '<text>x</text>'));
  const other = version === '1.1' ? '1.2' : '1.1';
  const at = (
    name: string,
    body: string | Buffer,
    {
      type = `${types[version]}; charset=utf-8`,
      headers = {},
      ...more
    }: Partial<Omit<Case, 'headers'>> & { type?: string; headers?: Record<string, string> } = {},
  ): Case => ({
    name: `SOAP ${version} ${name}`,
    path,
    body,
    headers: { authorization, 'content-type': type, ...headers },
    ...more,
  });
  const doctype = (inner: string, ending = '') =>
    wrap(operation('Ping', `<text>${inner}</text>`)).replace(
      '?>',
      `?><!DOCTYPE a [<!ENTITY x ${ending || '"boom"'}>]>`,
    );
  const client = version === '1.1' ? /:Client</ : /soap:Sender/;
  const bad = { status: [400, 500] } as const;
  const coded = (code: number) => ({ status: [200], says: new RegExp(`<resultCode>${code}</resultCode>`) });
  const realm = (status: string) => wrap(operation('UpdateRealmStatus', `<realmId>R-none</realmId>${status}`));

  return [
    at('empty body', '', { status: [400, 500] }),
    at('not XML', 'hello', bad),
    at('JSON', '{"Ping":{}}', bad),
    at('cut off', ping.slice(0, -9), bad),
    at('two documents', ping + ping, bad),
    at('DOCTYPE in UTF-8', doctype('&x;'), bad),
    at('DOCTYPE in UTF-16', utf16(doctype('&x;')), { ...bad, type: types[version] }),
    at('external entity', doctype('&x;', 'SYSTEM "file:///etc/passwd"'), bad),
    at('entity bomb', doctype('&x;', '"ha"> <!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;"'), bad),
    at('oversized', wrap(operation('Ping', `<text>${'x'.repeat(2_000_000)}</text>`)), { status: [413, 500, 0] }),
    at('gzip bomb', gzipSync(Buffer.alloc(50_000_000, 32)), {
      status: [413, 415, 0],
      headers: { 'content-encoding': 'gzip' },
    }),
    at('broken gzip', 'not gzip', { status: [400, 415, 500], headers: { 'content-encoding': 'gzip' } }),
    at('a coding of coding', ping, { status: [415], headers: { 'content-encoding': 'gzip, gzip, br' } }),
    at('deep', wrap(operation('Ping', '<a>'.repeat(5_000) + '</a>'.repeat(5_000))), bad),
    at('wide', wrap(operation('Ping', '<a/>'.repeat(100_000))), { status: [413, 500] }),
    at(
      'many attributes',
      wrap(`<Ping xmlns="${necNamespace}" ${Array.from({ length: 5_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      bad,
    ),
    at('wrong charset', Buffer.from(wrap(operation('Ping', '<text>Größe</text>')), 'latin1'), bad),
    at('unknown charset', ping, { type: `${types[version]}; charset=klingon`, status: [400, 415, 500] }),
    at('wrong content type', ping, { type: 'application/json', status: [415] }),
    at('no content type', ping, { type: '', status: [415] }),
    at('envelope of another namespace', ping.replace(soapNamespaces[version], 'urn:elsewhere'), { status: [400, 500] }),
    at('envelope of the other version', soapEnvelope(operation('Ping'), { version: other }), {
      status: [200, 400, 415, 500],
    }),
    at('operation of another namespace', wrap('<Ping xmlns="urn:elsewhere"/>'), bad),
    at('unknown operation', wrap(operation('DropTables')), { ...bad, says: client }),
    at('operation named __proto__', wrap(operation('__proto__')), bad),
    at('operation named constructor', wrap(operation('constructor')), bad),
    at('operation named toString', wrap(operation('toString')), bad),
    at('no body', wrap('').replace('<s:Body></s:Body>', ''), bad),
    at('empty Body', wrap(''), bad),
    at('two bodies', ping.replace('</s:Body>', `</s:Body><s:Body>${operation('Ping')}</s:Body>`), bad),
    at('two operations', wrap(operation('Ping') + operation('ListRealms')), { status: [200, 400, 500] }),
    at(
      'fields named like prototype members',
      wrap(
        operation('Ping', '<__proto__><polluted>yes</polluted></__proto__><constructor>x</constructor><text>t</text>'),
      ),
      { status: [200, 500] },
    ),
    at('missing parameter', wrap(operation('GetRealm')), { ...coded(1) }),
    at('missing status', realm(''), coded(1)),
    at('mistyped status', realm('<status>seven</status>'), bad),
    at('status beyond int', realm('<status>99999999999</status>'), bad),
    at('unknown realm', realm('<status>7</status>'), coded(2)),
    at('no password', ping, { headers: { authorization: '' }, status: [401] }),
    at('broken Basic', ping, { headers: { authorization: 'Basic !!!' }, status: [401] }),
    at('PUT', ping, { method: 'PUT', status: [400, 404, 405, 500, 501] }),
    at('DELETE', '', { method: 'DELETE', status: [400, 404, 405, 500, 501] }),
    at('unknown channel', ping, { path: '/ncbs/__proto__/NcbsIsvService', status: [404] }),
    at('channel with dots', ping, { path: '/ncbs/..%2f..%2fetc/NcbsIsvService', status: [404] }),
  ];
}
