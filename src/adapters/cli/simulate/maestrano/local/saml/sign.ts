import { createHash, sign } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { SigningIdentity } from '../certificate.js';
import type { Control, DigestName } from '../control.js';

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';
const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';

interface Names {
  readonly signature: string;
  readonly digest: string;
}

const standardNames: Record<DigestName, Names> = {
  sha1: { signature: `${xmldsig}rsa-sha1`, digest: `${xmldsig}sha1` },
  sha256: { signature: `${more}rsa-sha256`, digest: `${xmlenc}sha256` },
  sha384: { signature: `${more}rsa-sha384`, digest: `${more}sha384` },
  sha512: { signature: `${more}rsa-sha512`, digest: `${xmlenc}sha512` },
};

/** Names of algorithms as the control wants them. */
export function algorithmNames({ digest, standardAlgorithmNames }: Control): Names {
  return standardAlgorithmNames
    ? standardNames[digest]
    : { signature: `${xmldsig}rsa-${digest}`, digest: `${xmldsig}${digest}` };
}

/** Puts an enveloped signature of one element behind its Issuer, with the certificate in it. */
export function signElement(xml: string, name: 'Response' | 'Assertion', identity: SigningIdentity, control: Control) {
  const names = algorithmNames(control);
  const signed = new SignedXml({
    privateKey: identity.privateKey,
    publicCert: identity.certificate,
    signatureAlgorithm: names.signature,
    canonicalizationAlgorithm: exclusive,
    getKeyInfoContent: SignedXml.getKeyInfoContent,
  });
  signed.SignatureAlgorithms = {
    ...signed.SignatureAlgorithms,
    [names.signature]: signatureClass(names.signature, control.digest),
  };
  signed.HashAlgorithms = { ...signed.HashAlgorithms, [names.digest]: hashClass(names.digest, control.digest) };
  const element = `//*[local-name(.)='${name}']`;
  signed.addReference({ xpath: element, digestAlgorithm: names.digest, transforms: [enveloped, exclusive] });
  signed.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${element}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signed.getSignedXml();
}

function signatureClass(name: string, digest: DigestName) {
  return class {
    getSignature = (text: unknown, key: unknown): string =>
      sign(digest, Buffer.from(String(text), 'utf8'), String(key)).toString('base64');
    verifySignature = (): boolean => false;
    getAlgorithmName = (): string => name;
  };
}

function hashClass(name: string, digest: DigestName) {
  return class {
    getHash = (xml: string): string => createHash(digest).update(xml, 'utf8').digest('base64');
    getAlgorithmName = (): string => name;
  };
}
