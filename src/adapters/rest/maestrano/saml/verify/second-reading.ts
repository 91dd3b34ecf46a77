import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import type { SignedAssertion } from './assertion.js';
import { ds, exclusive, inclusive } from './names.js';
import { refuse } from './refused.js';
import { withoutForeignLineEnds } from './signature.js';
import type { SignatureForm } from './signature-form.js';

/** Somebody else's name id and attributes of the same response; it throws when that one does not believe the response. */
export type SecondReader = (
  document: string,
  certificate: string,
) => Promise<{ readonly nameId: string; readonly attributes: Readonly<Record<string, unknown>> }>;

const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const known = {
  methods: [`${ds}rsa-sha1`, `${more}rsa-sha256`, `${more}rsa-sha512`],
  digests: [`${ds}sha1`, 'http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'],
  canonicalizations: [exclusive, inclusive],
};

/** Whether node-saml has these algorithms; it takes no others. */
export function isReadable({ method, digest, canonicalization }: SignatureForm): boolean {
  return (
    known.methods.includes(method) &&
    known.digests.includes(digest) &&
    known.canonicalizations.includes(canonicalization)
  );
}

/** node-saml, for the signature and for what it finds under it. Times, audience and requests are judged elsewhere, by our clock. */
export const nodeSaml: SecondReader = async (document, certificate) => {
  const reader = new SAML({
    callbackUrl: 'unused:',
    issuer: 'unused',
    idpCert: certificate,
    audience: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
  });
  const text = withoutForeignLineEnds(document);
  const { profile } = await reader.validatePostResponseAsync({ SAMLResponse: Buffer.from(text).toString('base64') });
  const attributes = profile?.attributes as Readonly<Record<string, unknown>> | undefined;
  return { nameId: profile?.nameID ?? '', attributes: attributes ?? {} };
};

/** Two readers that share no code must find the same person. @throws Refused second_reading */
export async function agreeOn(
  assertion: SignedAssertion,
  document: string,
  certificate: string,
  read: SecondReader,
): Promise<void> {
  const other = await read(document, certificate).catch((error: unknown) => refuse('second_reading', String(error)));
  if (squeezed(other.nameId) !== squeezed(assertion.nameId)) refuse('second_reading', 'NameID');
  for (const [name, value] of assertion.attributes) {
    const found = Object.hasOwn(other.attributes, name) ? other.attributes[name] : '';
    // an element inside a value: no text for us, an object for the other one
    if (squeezed(typeof found === 'string' ? found : '') !== squeezed(value)) refuse('second_reading', name);
  }
}

/** The other one takes more for line ends than XML does. */
function squeezed(text: string): string {
  return text.replace(/[\s\u0085]+/g, ' ').trim();
}
