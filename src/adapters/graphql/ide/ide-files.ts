import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../http/refusal.js';
import { respondText } from '../http/respond.js';
import type { GraphqlSettings } from '../settings.js';
import { pagePolicy, renderPage } from './page.js';

export interface IdeFiles {
  answerPage(response: ServerResponse): void;
  /** Answers one file of the fixed list; anything else is refused with 404. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';
const own = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const require = createRequire(import.meta.url);
const packaged = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);

/** The only files there are; a request can choose among them, never name a path. */
const files: ReadonlyMap<string, { readonly type: string; readonly path: () => string }> = new Map([
  ['react.js', { type: script, path: () => packaged('react', 'umd/react.production.min.js') }],
  ['react-dom.js', { type: script, path: () => packaged('react-dom', 'umd/react-dom.production.min.js') }],
  ['graphiql.js', { type: script, path: () => packaged('graphiql', 'graphiql.min.js') }],
  ['graphiql.css', { type: style, path: () => packaged('graphiql', 'graphiql.min.css') }],
  ['page.css', { type: style, path: () => own('page.css') }],
  ['boot.js', { type: script, path: () => own('boot.js') }],
]);

/** The bundled GraphiQL: a page and six files, from this process alone. */
export function createIdeFiles(settings: Pick<GraphqlSettings, 'path' | 'graphiql'>): IdeFiles {
  const base = `${settings.path}/ide/`;
  const page = renderPage(base);
  const read = new Map<string, Promise<{ content: Buffer; tag: string }>>();

  const load = async (path: string) => {
    const content = await readFile(path);
    return { content, tag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"` };
  };
  const fileOf = (name: string, path: () => string) => {
    let file = read.get(name);
    if (file === undefined) {
      file = load(path());
      read.set(name, file);
    }
    return file;
  };
  const requireSwitchedOn = () => {
    if (!settings.graphiql) throw new Refusal(404, 'there is nothing here');
  };

  return {
    answerPage(response) {
      requireSwitchedOn();
      response.setHeader('content-security-policy', pagePolicy);
      response.setHeader('referrer-policy', 'no-referrer');
      respondText(response, 200, 'text/html', page);
    },
    async answer(request, response, path) {
      requireSwitchedOn();
      const name = path.startsWith(base) ? path.slice(base.length) : '';
      const known = files.get(name);
      if (known === undefined) throw new Refusal(404, 'there is nothing here');
      if (request.method !== 'GET' && request.method !== 'HEAD')
        throw new Refusal(405, 'only GET', { allow: 'GET, HEAD' });
      const { content, tag } = await fileOf(name, known.path);
      const headers = { etag: tag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
      if (request.headers['if-none-match'] === tag) {
        response.writeHead(304, headers).end();
        return;
      }
      response
        .writeHead(200, { ...headers, 'content-type': known.type, 'content-length': content.length })
        .end(content);
    },
  };
}
