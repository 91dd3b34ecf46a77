import { X509Certificate } from 'node:crypto';
import { ds } from './names.js';
import { refuse } from './refused.js';
import { walk, type XmlNode } from './xml-tree.js';

/** What is configured about the identity provider's key; either may be ''. */
export interface KeyMaterial {
  /** One or more certificates, as PEM or as the bare base64 of one. */
  readonly certificate: string;
  /** SHA-1 of a certificate, in hexadecimal with any separators. */
  readonly fingerprint: string;
}

/**
 * Certificates a signature may be made with: the configured ones, and the one that came along when its fingerprint is configured.
 * One that merely came along is never among them. Their dates are not looked at: they are pinned, and the published ones are
 * past theirs.
 * @throws Refused no_key, key_type or key_size
 */
export function trustedCertificates(
  material: KeyMaterial,
  signature: XmlNode,
  allowSha1: boolean,
): readonly X509Certificate[] {
  const configured = configuredCertificates(material.certificate);
  const wanted = plain(material.fingerprint);
  const embedded = wanted === '' ? undefined : embeddedCertificate(signature);
  const certificates =
    embedded !== undefined && plain(embedded.fingerprint) === wanted ? [...configured, embedded] : configured;
  if (certificates.length === 0) refuse('no_key');
  const fit = certificates.filter(({ publicKey }) => publicKey.asymmetricKeyType === 'rsa');
  if (fit.length === 0) refuse('key_type');
  const least = allowSha1 ? 1_024 : 2_048;
  const long = fit.filter(({ publicKey }) => (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= least);
  if (long.length === 0) refuse('key_size');
  return long;
}

/** Whether anything is configured a signature could be believed by. */
export function hasKey({ certificate, fingerprint }: KeyMaterial): boolean {
  return configuredCertificates(certificate).length > 0 || /^[0-9a-f]{40}$/.test(plain(fingerprint));
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function configuredCertificates(text: string): readonly X509Certificate[] {
  const blocks = text.match(pem) ?? (text.trim() === '' ? [] : [text]);
  return blocks.map(read).filter((certificate) => certificate !== undefined);
}

function embeddedCertificate(signature: XmlNode): X509Certificate | undefined {
  for (const node of walk(signature)) if (node.uri === ds && node.local === 'X509Certificate') return read(node.text);
  return undefined;
}

function read(text: string): X509Certificate | undefined {
  const octets = text.replace(/-----[A-Z ]+-----/g, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(octets)) return undefined;
  try {
    return new X509Certificate(Buffer.from(octets, 'base64'));
  } catch {
    return undefined;
  }
}

function plain(fingerprint: string): string {
  return fingerprint.toLowerCase().replace(/[^0-9a-f]/g, '');
}
