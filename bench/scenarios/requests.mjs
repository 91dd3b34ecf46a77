import { account, channelName, client, interfaceUser, operatorDesk } from '../seed-file.mjs';

export const necPath = `/ncbs/${channelName}/NcbsIsvService`;
export const prmPath = '/prm_op/services/OpService';
export const unityPath = '/KakapoProvision/ProvisionV3.asmx';
const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const passwordText = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
const basic = (name, secret) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
const namespace = 'urn:hub:ncbs:isv:v1';

/** One call of the NEC service, as a marketplace sends it. */
export function necRequest(operation, fields) {
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return {
    path: necPath,
    headers: {
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: `"${namespace}/${operation}"`,
      Authorization: basic(account.username, account.password),
    },
    body:
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
      `<${operation} xmlns="${namespace}">${inner.join('')}</${operation}></soap:Body></soap:Envelope>`,
  };
}

/** One call of OpService, as an operator's application sends it: UsernameToken, SOAPAction empty. */
export function prmRequest(operation, fields) {
  const inner = Object.entries(fields).map(([name, value]) => `<p:${name}>${value}</p:${name}>`);
  const { username, password } = operatorDesk;
  return {
    path: prmPath,
    headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' },
    body:
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>' +
      `<w:Security xmlns:w="${wsse}"><w:UsernameToken><w:Username>${username}</w:Username>` +
      `<w:Password Type="${passwordText}">${password}</w:Password></w:UsernameToken></w:Security></soap:Header><soap:Body>` +
      `<p:${operation} xmlns:p="urn:prm:4.0:OpService">${inner.join('')}</p:${operation}></soap:Body></soap:Envelope>`,
  };
}

const login = { loginUserName: interfaceUser.username, loginPassword: interfaceUser.password };

/** One call of ProvisionV3 over SOAP 1.1; who calls are its first two parameters. */
export function unitySoapRequest(operation, fields) {
  const inner = Object.entries({ ...login, ...fields }).map(([name, value]) => `<${name}>${value}</${name}>`);
  return {
    path: unityPath,
    headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"http://kakaposystems.com/${operation}"` },
    body:
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
      `<${operation} xmlns="http://kakaposystems.com">${inner.join('')}</${operation}></soap:Body></soap:Envelope>`,
  };
}

/** The same as a form. */
export function unityFormRequest(operation, fields) {
  return {
    path: `${unityPath}/${operation}`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...login, ...fields }).toString(),
  };
}

export function tokenRequest() {
  return {
    path: '/oidc/token',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: basic(client.id, client.secret),
    },
    body: 'grant_type=client_credentials&scope=hub.read+hub.write+hub.admin',
  };
}

export function graphqlRequest(token, query, variables) {
  return {
    path: '/graphql',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query, variables }),
  };
}

export const pick = (list) => list[Math.floor(Math.random() * list.length)];
