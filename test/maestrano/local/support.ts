import { deflateRawSync } from 'node:zlib';
import {
  addGroup,
  addPerson,
  type LocalMaestrano,
  type LocalMaestranoOptions,
  startLocalMaestrano,
} from '../../../src/adapters/cli/simulate/maestrano/local/index.js';
import { testClock } from '../../support/clock.js';

export const hubUrl = 'https://hub.example';
export const begin = '2026-03-02T08:00:00.000Z';

/** A local Maestrano with Ada and Ben in one company of each marketplace; its clock moves only when told. */
export async function startWithPeople(options: Partial<LocalMaestranoOptions> = {}) {
  const clock = testClock(begin);
  const local = await startLocalMaestrano({ hubUrl, clock, ...options });
  for (const { name } of options.marketplaces ?? [{ name: 'local' }]) {
    const marketplace = local.marketplace(name);
    addPerson(
      marketplace,
      { uid: 'usr-1', name: 'Ada', surname: 'Löwe & Söhne', email: 'ada@example.org', password: 'correct horse' },
      begin,
    );
    addPerson(marketplace, { uid: 'usr-2', name: 'Ben', surname: '', email: 'ben@example.org' }, begin);
    const group = addGroup(marketplace, { uid: 'cld-1', name: 'Größe <GmbH>', resellerId: '' }, begin);
    group.members.set('usr-1', 'Admin').set('usr-2', 'Member');
  }
  return { local, clock };
}

export function authnRequest(
  issuer: string,
  acs = `${hubUrl}/maestrano/auth/saml/consume/local`,
  id = '_req-1',
): string {
  const xml =
    `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}" Version="2.0" ` +
    `AssertionConsumerServiceURL="${acs}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${issuer}</saml:Issuer></samlp:AuthnRequest>`;
  return deflateRawSync(xml).toString('base64');
}

/** Signs a person in by the dashboard's button; the cookie. */
export async function signIn({ url }: LocalMaestrano, person: string, marketplace = 'local'): Promise<string> {
  const response = await fetch(`${url}/dashboard/${marketplace}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ person }),
    redirect: 'manual',
  });
  return response.headers.getSetCookie()[0]!.split(';')[0]!;
}

export function ask(
  local: LocalMaestrano,
  cookie: string,
  { issuer = '', group = 'cld-1', acs = undefined as string | undefined } = {},
) {
  const query = new URLSearchParams({
    SAMLRequest: authnRequest(issuer || local.marketplace().api.id, acs),
    group_id: group,
  });
  return fetch(`${local.url}/api/v1/auth/saml?${query}`, { headers: { cookie }, redirect: 'manual' });
}

/** What the browser would post, decoded. */
export function responseIn(html: string): { encoded: string; xml: string } {
  const encoded = /name="SAMLResponse" value="([^"]*)"/.exec(html)?.[1] ?? '';
  return { encoded, xml: Buffer.from(encoded, 'base64').toString('utf8') };
}

export function api(local: LocalMaestrano, name?: string) {
  const { id, key } = local.marketplace(name).api;
  const authorization = `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`;
  return async (method: string, path: string, body?: object, more: Record<string, string> = {}) => {
    const response = await fetch(`${local.url}${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...more },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: JSON as it came; each test says what must be in it
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  };
}
