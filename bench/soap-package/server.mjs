/**
 * The same operation with the same SQL, served by the `soap` package from the WSDL the hub serves.
 * `node bench/soap-package/server.mjs PORT WORLD_FILE DATABASE_URL`
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import soap from 'soap';
import { findAccount, readUser } from '../ceiling/nec-read.mjs';
import { openSql } from '../ceiling/sql.mjs';
import { account } from '../seed-file.mjs';

const [port, worldFile, databaseUrl] = process.argv.slice(2);
const world = JSON.parse(readFileSync(worldFile, 'utf8'));
const sql = await openSql(databaseUrl);
const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;

async function getUser({ requestId, realmId, userId }, _headers, request) {
  const [row] = await findAccount(sql, world, account.username);
  if (request.headers.authorization !== basic || row.blockedUntil !== null || row.disabledAt !== null) {
    throw new Error('not authenticated');
  }
  const { member, codes, status, ownStatus } = await readUser(sql, world, realmId, userId);
  return {
    GetUserResult: {
      resultCode: 0,
      resultMessage: 'OK',
      requestId,
      user: {
        userId: member.externalId,
        loginName: member.loginName,
        email: member.email,
        firstName: member.givenName,
        lastName: member.familyName,
        locale: member.locale,
        role: member.roles.includes('"ADMIN"') ? 'admin' : 'member',
        licenceCodes: { licenceCode: codes },
        status,
        ownStatus,
      },
    },
  };
}

const operation = (input, callback, headers, request) => {
  getUser(input, headers, request).then(
    (result) => callback(null, result),
    (error) => callback({ Fault: { faultcode: 'Server', faultstring: error.message } }),
  );
};
const wsdl = readFileSync(new URL('../../wsdl/nec/NcbsIsvService.wsdl', import.meta.url), 'utf8');
const server = createServer((request, response) => {
  response.writeHead(request.url === '/health/ready' ? 200 : 404);
  response.end();
});
soap.listen(server, {
  path: world.necPath,
  services: {
    NcbsIsvService: { NcbsIsvServiceSoap: { GetUser: operation }, NcbsIsvServiceSoap12: { GetUser: operation } },
  },
  xml: wsdl,
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
