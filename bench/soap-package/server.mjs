/**
 * The same operations with the same SQL, served by the `soap` package from the WSDL the hub serves.
 * `node bench/soap-package/server.mjs PORT WORLD_FILE DATABASE_URL`
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import soap from 'soap';
import { findAccount, readUser, readUsers } from '../ceiling/nec-read.mjs';
import { applicationState, isOperator } from '../ceiling/prm-read.mjs';
import { openSql } from '../ceiling/sql.mjs';
import { account, operatorDesk } from '../seed-file.mjs';

const [port, worldFile, databaseUrl] = process.argv.slice(2);
const world = JSON.parse(readFileSync(worldFile, 'utf8'));
const sql = await openSql(databaseUrl);
const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;

async function authenticate(request) {
  const [row] = await findAccount(sql, world, account.username);
  if (request.headers.authorization !== basic || row.blockedUntil !== null || row.disabledAt !== null) {
    throw new Error('not authenticated');
  }
}

const userFields = ({ member, codes, status, ownStatus }) => ({
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
});

async function getUser({ requestId, realmId, userId }) {
  const user = userFields(await readUser(sql, world, realmId, userId));
  return { GetUserResult: { resultCode: 0, resultMessage: 'OK', requestId, user } };
}

async function getUsers({ requestId, realmId }) {
  const users = (await readUsers(sql, world, realmId)).map(userFields);
  return {
    GetUsersResult: { resultCode: 0, resultMessage: 'OK', requestId, users: { User: users }, total: users.length },
  };
}

const serve = (operation) => (input, callback, _headers, request) => {
  authenticate(request)
    .then(() => operation(input))
    .then(
      (result) => callback(null, result),
      (error) => callback({ Fault: { faultcode: 'Server', faultstring: error.message } }),
    );
};
const operations = { GetUser: serve(getUser), GetUsers: serve(getUsers) };
const wsdl = readFileSync(new URL('../../wsdl/nec/NcbsIsvService.wsdl', import.meta.url), 'utf8');
const server = createServer((request, response) => {
  response.writeHead(request.url === '/health/ready' ? 200 : 404);
  response.end();
});
soap.listen(server, {
  path: world.necPath,
  services: {
    NcbsIsvService: { NcbsIsvServiceSoap: operations, NcbsIsvServiceSoap12: operations },
  },
  xml: wsdl,
});

/** The package hands its authenticate hook the parsed header: the text of the token is compared there. */
const opService = readFileSync(new URL('../../wsdl/prm/OpService.wsdl', import.meta.url), 'utf8');
const state = ({ spAccountId, appAccountId }, callback) => {
  applicationState(sql, world, spAccountId, appAccountId).then(
    (getAppAccountStateReturn) => callback(null, { getAppAccountStateReturn }),
    (error) => callback({ Fault: { faultcode: 'Server', faultstring: error.message } }),
  );
};
const prm = soap.listen(server, {
  path: world.prmPath,
  services: {
    OpServiceService: { OpService: { getAppAccountState: state }, OpServiceSoap12: { getAppAccountState: state } },
  },
  xml: opService,
});
prm.authenticate = (security, callback) => {
  const { Username, Password } = security?.UsernameToken ?? {};
  const given = { username: Username, password: Password?.$value ?? Password };
  isOperator(sql, world, operatorDesk, given).then(callback, () => callback(false));
};
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
