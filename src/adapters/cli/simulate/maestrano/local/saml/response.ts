import { randomBytes } from 'node:crypto';
import { minute, second, shift } from '../../../../../../core/shared/clock.js';
import type { World } from '../world.js';
import { attributesOf, type SignedInPerson, seconds } from './attributes.js';
import type { SamlRequest } from './request.js';
import { signElement } from './sign.js';

const assertionNames = 'urn:oasis:names:tc:SAML:2.0:assertion';
const protocolNames = 'urn:oasis:names:tc:SAML:2.0:protocol';
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const lineLength = 60;

/** The response the public identity provider builds (spec Maestrano 1.4), signed; XML. `issuer` is the whole URL it was asked at. */
export function samlResponse(world: World, request: SamlRequest, issuer: string, signedIn: SignedInPerson): string {
  const { clock, control } = world;
  const now = clock.now();
  const at = (milliseconds: number): string => seconds(shift(now, milliseconds));
  const [responseId, assertionId] = [newId(), newId()];
  const attributes = attributesOf(signedIn, now, control.recheckSeconds);
  const [[, nameId]] = attributes as [[string, string]];
  const issuerElement = `<Issuer xmlns="${assertionNames}">${text(issuer)}</Issuer>`;
  const statements = attributes.map(
    ([name, value]) => `<Attribute Name="${name}"><AttributeValue>${text(value)}</AttributeValue></Attribute>`,
  );
  const acs = text(request.acsUrl);
  const inResponseTo = text(request.id);
  const assertion =
    `<Assertion xmlns="${assertionNames}" ID="${assertionId}" IssueInstant="${at(0)}" Version="2.0">` +
    `<Issuer>${text(issuer)}</Issuer>` +
    `<Subject><NameID Format="${persistent}">${text(nameId)}</NameID>` +
    '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
    `<SubjectConfirmationData InResponseTo="${inResponseTo}" NotOnOrAfter="${at(3 * minute)}" Recipient="${acs}"/>` +
    '</SubjectConfirmation></Subject>' +
    `<Conditions NotBefore="${at(-5 * second)}" NotOnOrAfter="${at(60 * minute)}">` +
    `<AudienceRestriction><Audience>${text(new URL('/', request.acsUrl).href)}</Audience></AudienceRestriction></Conditions>` +
    `<AttributeStatement>${statements.join('')}</AttributeStatement>` +
    `<AuthnStatement AuthnInstant="${at(0)}" SessionIndex="${assertionId}"><AuthnContext>` +
    '<AuthnContextClassRef>urn:federation:authentication:windows</AuthnContextClassRef>' +
    '</AuthnContext></AuthnStatement></Assertion>';
  const response =
    `<samlp:Response ID="${responseId}" Version="2.0" IssueInstant="${at(0)}" Destination="${acs}" ` +
    `InResponseTo="${inResponseTo}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" xmlns:samlp="${protocolNames}">` +
    `${issuerElement}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` +
    `${assertion}</samlp:Response>`;
  const name = control.signed === 'response' ? 'Response' : 'Assertion';
  return signElement(response, name, signedIn.marketplace.identity, control);
}

/** Base64 with a line break every 60 characters, as Ruby's `Base64.encode64` writes it. */
export function encodeResponse(xml: string): string {
  const base64 = Buffer.from(xml, 'utf8').toString('base64');
  return (base64.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []).map((line) => `${line}\n`).join('');
}

function newId(): string {
  return `_${randomBytes(16).toString('hex')}`;
}

function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
