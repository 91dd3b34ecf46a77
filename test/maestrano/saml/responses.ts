import { createHash, createHmac, createSign } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { Identity } from './identities.js';

export const ds = 'http://www.w3.org/2000/09/xmldsig#';
export const more = 'http://www.w3.org/2001/04/xmldsig-more#';
export const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const rsaSha256 = `${more}rsa-sha256`;
export const enveloped = `${ds}enveloped-signature`;
export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

export const now = '2026-01-05T10:00:00.000Z';
export const consumeUrl = 'https://hub.example/maestrano/auth/saml/consume/acme';
export const provider = 'https://idp.example';

export interface Said {
  readonly requestId?: string;
  readonly id?: string;
  readonly status?: string;
  readonly destination?: string;
  readonly recipient?: string;
  readonly audience?: string;
  readonly issuer?: string;
  readonly nameId?: string;
  readonly notBefore?: string;
  readonly notOnOrAfter?: string;
  readonly confirmedUntil?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

/** What the table of spec Maestrano 1.4 calls required, and some more. */
export const usualAttributes: Readonly<Record<string, string>> = {
  mno_uid: 'usr-1',
  mno_session: 'session-token-1',
  mno_session_recheck: '2026-01-05T10:03:00Z',
  uid: 'usr-1',
  virtual_uid: 'usr-1.cld-1',
  email: 'ada@example.com',
  virtual_email: 'usr-1.cld-1@mail.idp.example',
  name: 'Ada',
  surname: 'Lovelace',
  country: 'GB',
  company_name: 'Engines Ltd',
  group_uid: 'cld-1',
  group_name: 'Engines',
  group_role: 'Admin',
  group_end_free_trial: '2026-02-05T10:00:00Z',
  group_has_credit_card: 'true',
  app_owner: 'true',
  organizations: '{"org-1":{"name":"Engines","note":"a & b < c"}}',
};

/** The response as the public identity provider builds it, line breaks and default namespaces included; unsigned. Texts are XML. */
export function responseXml(said: Said = {}): string {
  const issuer = said.issuer ?? `${provider}/api/v1/auth/saml?SAMLRequest=fVLL&amp;group_id=cld-1`;
  const requestId = said.requestId ?? '_request';
  const id = said.id ?? '_a';
  const all: Record<string, string | undefined> = { ...usualAttributes, ...said.attributes };
  const attributes = Object.entries(all).map(([name, value]) =>
    value === undefined
      ? ''
      : `<Attribute Name="${name}"><AttributeValue>${said.attributes?.[name] === undefined ? escapeXml(value) : value}</AttributeValue></Attribute>`,
  );
  return `<samlp:Response ID="_r" Version="2.0" IssueInstant="2026-01-05T10:00:00Z" Destination="${said.destination ?? consumeUrl}" InResponseTo="${requestId}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">
 <Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">${issuer}</Issuer>
 <samlp:Status><samlp:StatusCode Value="${said.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'}"/></samlp:Status>
 <Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="2026-01-05T10:00:00Z" Version="2.0">
  <Issuer>${issuer}</Issuer>
  <Subject><NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${said.nameId ?? 'usr-1'}</NameID>
   <SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
    <SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${said.confirmedUntil ?? '2026-01-05T10:03:00Z'}" Recipient="${said.recipient ?? consumeUrl}"/></SubjectConfirmation></Subject>
  <Conditions NotBefore="${said.notBefore ?? '2026-01-05T09:59:55Z'}" NotOnOrAfter="${said.notOnOrAfter ?? '2026-01-05T11:00:00Z'}"><AudienceRestriction><Audience>${said.audience ?? 'https://hub.example/'}</Audience></AudienceRestriction></Conditions>
  <AttributeStatement>${attributes.join('')}</AttributeStatement>
  <AuthnStatement AuthnInstant="2026-01-05T10:00:00Z" SessionIndex="${id}"><AuthnContext><AuthnContextClassRef>urn:federation:authentication:windows</AuthnContextClassRef></AuthnContext></AuthnStatement>
 </Assertion>
</samlp:Response>`;
}

export interface Signing {
  readonly identity: Identity;
  readonly element?: 'Assertion' | 'Response';
  readonly method?: string;
  readonly digest?: string;
  readonly transforms?: readonly string[];
  readonly canonicalization?: string;
  /** Puts the certificate into KeyInfo. */
  readonly embed?: boolean;
  /** Signs another element instead of the one the signature stands in. */
  readonly xpath?: string;
  readonly emptyUri?: boolean;
  /** Without it `ds:`. */
  readonly prefix?: string;
}

/** With a signature after the Issuer of the element, made by xml-crypto, under whatever names it is asked to use. */
export function sign(xml: string, signing: Signing): string {
  const { element = 'Assertion', method = rsaSha256, digest = sha256, identity, embed = false } = signing;
  const path = `//*[local-name()='${element}']`;
  const signer = new SignedXml({ privateKey: identity.key, publicCert: identity.certificate });
  if (!embed) signer.getKeyInfoContent = () => null;
  signer.signatureAlgorithm = method;
  signer.canonicalizationAlgorithm = (signing.canonicalization ?? exclusive) as typeof exclusive;
  signer.SignatureAlgorithms[method] = signatureNamed(method);
  signer.HashAlgorithms[digest] = digestNamed(digest);
  for (const name of signing.transforms ?? []) signer.CanonicalizationAlgorithms[name] ??= nothingNamed(name);
  signer.addReference({
    xpath: signing.xpath ?? path,
    transforms: [...(signing.transforms ?? [enveloped, exclusive])],
    digestAlgorithm: digest,
    ...(signing.emptyUri && { isEmptyUri: true }),
  });
  const place = { reference: `${path}/*[local-name()='Issuer']`, action: 'after' as const };
  signer.computeSignature(xml, { location: place, prefix: signing.prefix ?? 'ds' });
  return signer.getSignedXml();
}

function hashNamed(uri: string): string {
  return /(md5|sha1|sha224|sha256|sha384|sha512)$/.exec(uri)?.[1] ?? 'sha256';
}

function digestNamed(uri: string): (typeof SignedXml.prototype.HashAlgorithms)[string] {
  return class {
    getAlgorithmName(): string {
      return uri;
    }
    getHash(xml: string): string {
      return createHash(hashNamed(uri)).update(xml).digest('base64');
    }
  };
}

/** For `hmac-…` the certificate's text is the secret, as in the confusion of keys. */
function signatureNamed(uri: string): (typeof SignedXml.prototype.SignatureAlgorithms)[string] {
  return class {
    getAlgorithmName(): string {
      return uri;
    }
    getSignature(info: string, key: string): string {
      const hash = hashNamed(uri);
      if (uri.includes('hmac')) return createHmac(hash, key).update(info).digest('base64');
      return createSign(hash).update(info).sign(key, 'base64');
    }
    verifySignature(): boolean {
      return false;
    }
  } as never;
}

function nothingNamed(uri: string): (typeof SignedXml.prototype.CanonicalizationAlgorithms)[string] {
  return class {
    includeComments = false;
    getAlgorithmName(): string {
      return uri;
    }
    process(node: object): object {
      return node;
    }
  } as never;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The Assertion, and the rest around a mark in its place. */
export function assertionOf(xml: string): string {
  return /<Assertion[\s\S]*<\/Assertion>/.exec(xml)![0];
}

export function signatureOf(xml: string): string {
  return /<ds:Signature[\s\S]*?<\/ds:Signature>/.exec(xml)![0];
}
