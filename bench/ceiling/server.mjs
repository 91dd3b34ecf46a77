/**
 * The ceiling: a bare HTTP server that does by hand what one scenario needs: the same SQL, prepared, the same columns, a
 * constant template filled. What the hub loses to it is the price of everything else.
 * `node bench/ceiling/server.mjs PORT WORLD_FILE DATABASE_URL`
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { account, interfaceUser, operatorDesk } from '../seed-file.mjs';
import { answerGraphql } from './graphql.mjs';
import { answerUnity } from './kakapo-write.mjs';
import { closing, findAccount, getUser, getUsers, opening } from './nec-read.mjs';
import { updateUserStatus } from './nec-write.mjs';
import { getAppAccountState } from './prm-read.mjs';
import { openSql } from './sql.mjs';
import { createTokenIssuer } from './token.mjs';

const [port, worldFile, databaseUrl] = process.argv.slice(2);
const world = JSON.parse(readFileSync(worldFile, 'utf8'));
const sql = await openSql(databaseUrl);
const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;
const issueToken = createTokenIssuer(sql, world);

async function soap(request, body) {
  const [row] = await findAccount(sql, world, account.username);
  if (request.headers.authorization !== basic || row.blockedUntil !== null || row.disabledAt !== null) {
    return { status: 401, type: 'text/xml', text: `${opening}${closing}` };
  }
  const text = await operationOf(body)(sql, world, body);
  return { status: 200, type: 'text/xml; charset=utf-8', text };
}

function operationOf(body) {
  if (body.includes('<GetUser ')) return getUser;
  return body.includes('<GetUsers ') ? getUsers : updateUserStatus;
}

async function answer(request, body) {
  if (request.url === '/graphql') return answerGraphql(sql, world, request, body);
  if (request.url === '/oidc/token') return issueToken(request, body);
  if (request.url === '/health/ready') return { status: 200, type: 'text/plain', text: 'ready' };
  if (request.url.startsWith(world.unityPath)) {
    const text = await answerUnity(sql, world, interfaceUser, request, body);
    return { status: 200, type: 'text/xml; charset=utf-8', text };
  }
  return request.url === world.prmPath ? prm(body) : soap(request, body);
}

async function prm(body) {
  const text = await getAppAccountState(sql, world, body, operatorDesk);
  if (text === undefined) return { status: 500, type: 'text/xml', text: `${opening}${closing}` };
  return { status: 200, type: 'text/xml; charset=utf-8', text };
}

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0].toString('utf8') : Buffer.concat(chunks).toString('utf8');
    answer(request, body).then(
      ({ status, type, text }) => {
        response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
        response.end(text);
      },
      (error) => {
        response.writeHead(500);
        response.end(String(error.stack));
      },
    );
  });
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
