import { prmServices } from '../adapters/soap/prm/index.js';
import { pageHeaders, renderLayout } from '../adapters/sso/index.js';
import type { Channel } from '../core/marketplace/index.js';
import type { ServedChannel } from './channel-directory.js';

/** What browsers ask for at /favicon.ico: the sign of the pages, in their color. */
export const favicon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="14" cy="14" r="14" fill="#1f5eaa"/>' +
  '<path d="M8 19V9.5l6 6.5 6-6.5V19" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** The page at `/`: what this is and where everything is. Works without JavaScript. */
export function renderLanding(
  publicUrl: string,
  channels: readonly ServedChannel[],
): { html: string; headers: Record<string, string> } {
  const endpoints = channels.map(({ channel }) => descriptionsOf(channel)).filter((links) => links !== '');
  const links = [
    link('/graphql', 'GraphQL: explore the API'),
    link('/signin', 'Sign in'),
    link('/oidc/.well-known/openid-configuration', 'OpenID provider: discovery'),
    ...endpoints,
    link('/health/ready', 'Health'),
  ];
  const body = `<h1>Mercator</h1>
<p class="soft">One hub for every marketplace your software is sold through: one GraphQL API, one sign-in, each marketplace in its own words.</p>
<ul>${links.map((l) => `<li>${l}</li>`).join('')}</ul>
<p class="hint">Serving ${escapeHtml(publicUrl)}</p>`;
  return { html: renderLayout({ title: 'Mercator', language: 'en', body, wide: true }), headers: pageHeaders() };
}

/** Where a channel's services describe themselves; empty for a protocol without descriptions. */
function descriptionsOf({ protocol, name, settings, discovered, suspendedAt }: Channel): string {
  if (protocol === 'nec') return link(`/ncbs/${name}/NcbsIsvService?wsdl`, `NEC marketplace “${name}”: WSDL`);
  if (protocol === 'kakapo') {
    const service = `/channels/${name}/KakapoProvision/ProvisionV3.asmx`;
    const shown = escapeHtml(`“${name}”`);
    // The list of operations when its pages are on, else nothing but the description is there to be read.
    const list = settings.helpPages === false ? '' : `${link(service, 'operations')}, `;
    return `Kakapo Unity channel ${shown}: ${list}${link(`${service}?WSDL`, 'WSDL')}`;
  }
  if (protocol === 'maestrano') {
    const place = `/channels/${name}/maestrano`;
    const shown = escapeHtml(`“${name}”`);
    // The metadata want the marketplace's credentials, and nobody signs in before it is known where.
    const ready = suspendedAt === null && (settings.api !== undefined || discovered !== null);
    const signIn = ready ? `${link(`${place}/auth/saml/init`, 'sign in')}, ` : 'not connected yet, ';
    return `Maestrano channel ${shown}: ${signIn}${link(`${place}/version`, 'version')}, metadata at <code>${escapeHtml(`${place}/metadata`)}</code>`;
  }
  if (protocol !== 'prm') return '';
  const links = prmServices.map((service) => link(`/channels/${name}${service.path}?wsdl`, service.name));
  return `PRM channel ${escapeHtml(`“${name}”`)}, WSDLs: ${links.join(', ')}`;
}

function link(href: string, text: string): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
