import { defaultLimits, parseXml } from '../../../src/adapters/soap/kit/index.js';
import { hold } from '../../support/proof.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Door = 'soap' | 'graphql' | 'oidc' | 'page' | 'other';

/** What an answer must never show: paths, stack frames, code, SQL, drivers. */
const internals = [
  /\bat (?:async )?[\w.<>[\] ]+ \(/,
  /\bat (?:async )?(?:file:|node:|\/)\S+:\d+/,
  /node_modules|node:internal|file:\/\//,
  /\/(?:dist|src|home|root|tmp|var|usr|work)\/[\w-]/,
  /\.[cm]?[jt]s:\d+/,
  /\b(?:TypeError|RangeError|ReferenceError|SyntaxError|SqliteError|QueryFailedError|UnhandledPromise)\b/,
  /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+[\w`*(]/,
  /\b(?:sqlite|mariadb|mysql|libsql|typeorm|saxes|libxml|fastify|oidc-provider)\b/i,
  /\[object Object\]|\bundefined\b is not|Cannot (?:read|set|convert)/,
];

/** Which texts a page or a schema says on purpose; taken out before looking. */
const knownGood = [/http:\/\/(?:localhost|127\.0\.0\.1):\d+\/\S*/g];

/** Throws when the answer shows something of the inside, is an internal error, or is not in the protocol's form. */
export function judge(door: Door, what: string, reply: Reply, echoed = ''): void {
  const said = [reply.text, ...Object.values(reply.headers)].join('\n');
  let text = said;
  for (const known of knownGood) text = text.replaceAll(known, '');
  for (const pattern of internals) {
    const leak = pattern.exec(text)?.[0];
    hold(leak === undefined || echoed.includes(leak), `${what}: no internals`, {
      leak,
      status: reply.status,
      said: said.slice(0, 600),
    });
  }
  hold(reply.headers['x-powered-by'] === undefined && reply.headers.server === undefined, `${what}: no product names`);
  if (door === 'soap') judgeSoap(what, reply);
  else if (door === 'graphql') judgeGraphql(what, reply);
  else hold(reply.status < 500, `${what}: no internal error`, { status: reply.status, text: reply.text.slice(0, 400) });
}

function judgeSoap(what: string, { status, text, headers }: Reply): void {
  hold([200, 202, 400, 401, 404, 405, 408, 413, 415, 500].includes(status), `${what}: a status of the protocol`, {
    status,
    text,
  });
  if (text === '' || !(headers['content-type'] ?? '').includes('xml')) {
    hold(status !== 500 && status !== 200, `${what}: 500 and 200 carry an envelope`, { status, text });
    return;
  }
  const envelope = parseXml(text, defaultLimits);
  hold(envelope.local === 'Envelope' || envelope.local === 'definitions', `${what}: an envelope`, text.slice(0, 300));
  const isFault = text.includes(':Fault>');
  if (status === 500) hold(isFault, `${what}: 500 is a fault`, text.slice(0, 300));
  const server = /Internal error|<resultCode>99</.test(text);
  hold(!server, `${what}: no internal error`, text.slice(0, 600));
}

function judgeGraphql(what: string, { status, text, headers }: Reply): void {
  hold(status < 500, `${what}: no internal error`, { status, text: text.slice(0, 400) });
  if (!(headers['content-type'] ?? '').includes('json')) return;
  const body = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] };
  const codes = (body.errors ?? []).map((error) => error.extensions?.code);
  hold(!codes.includes('INTERNAL_SERVER_ERROR') && !codes.includes('INTERNAL'), `${what}: no internal error`, text);
}
