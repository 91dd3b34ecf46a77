import { second, shift } from '../../../../../../core/shared/clock.js';
import { responseForm, unauthorizedPage, wrongRequestPage } from '../dashboard/saml-pages.js';
import { type Call, json, type Route, redirect } from '../http.js';
import { clearCookie, isValid, signedIn } from '../logins.js';
import type { LocalMarketplace } from '../model.js';
import { marketplaceOfApiId, type World } from '../world.js';
import { type SignedInPerson, seconds } from './attributes.js';
import { readSamlRequest } from './request.js';
import { encodeResponse, samlResponse } from './response.js';

export const apiBase = '/api/v1/';

export function samlRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', path: `${apiBase}auth/saml`, handle: (call) => authenticate(world, call) },
    { method: 'GET', path: `${apiBase}auth/saml/:uid`, handle: (call) => recheck(world, call) },
    { method: 'GET', path: '/app_logout', handle: (call) => logout(world, call) },
    {
      method: 'GET',
      path: '/app_access_unauthorized',
      handle: ({ query }) => unauthorizedPage(query.get('err') ?? ''),
    },
  ];
}

function authenticate(world: World, call: Call) {
  const request = readSamlRequest(call.query.get('SAMLRequest') ?? '');
  if (request === undefined) return wrongRequestPage('The SAML request cannot be read.');
  const marketplace = marketplaceOfApiId(world, request.issuer);
  if (marketplace === undefined) return wrongRequestPage('No application of this marketplace has that issuer.');
  // Whoever could name another address would be sent what signs people in here.
  if (!request.acsUrl.startsWith(`${marketplace.hubUrl}/`))
    return wrongRequestPage('The answer may not be sent there.');
  const back = `${call.url.pathname}${call.url.search}`;
  const who = signedIn(marketplace, call.headers);
  if (who === undefined) {
    return redirect(`/dashboard/${encodeURIComponent(marketplace.name)}?${new URLSearchParams({ return: back })}`);
  }
  const group = marketplace.groups.get(call.query.get('group_id') ?? '');
  const role = group?.members.get(who.person.uid) ?? (world.control.guests ? 'Guest' : undefined);
  if (group?.status !== 'running' || role === undefined) return redirect('/app_access_unauthorized?err=group');
  const person: SignedInPerson = { ...who, marketplace, group, role };
  const xml = samlResponse(world, request, `${world.url()}${back}`, person);
  return responseForm(request.acsUrl, encodeResponse(xml), group.name);
}

/** Asked by the hub without credentials; which marketplace is meant is told by the session alone. */
function recheck({ clock, control, marketplaces }: World, { parameters, query }: Call) {
  const session = query.get('session') ?? '';
  const valid = [...marketplaces.values()].some((one) => isValid(one, parameters.uid ?? '', session));
  if (!valid) return json(200, { valid: false });
  return json(200, { valid, recheck: seconds(shift(clock.now(), control.recheckSeconds * second)) });
}

/** The person signed out at the hub: their session in this browser ends here too. */
function logout({ marketplaces }: World, { headers, query }: Call) {
  const uid = query.get('user_uid') ?? '';
  const left: LocalMarketplace[] = [];
  for (const marketplace of marketplaces.values()) {
    const who = signedIn(marketplace, headers);
    if (who === undefined || uid.split('.')[0] !== who.person.uid) continue;
    who.login.ended = true;
    left.push(marketplace);
  }
  return redirect('/?signed_out=1', left.map(clearCookie));
}
