import type { AccountCertificate, BindCertificateInput } from '../../../core/marketplace/index.js';
import { invalid } from '../../../core/shared/errors.js';

type Certificate = Pick<BindCertificateInput, 'kind' | 'name'>;

const fingerprint = /^sha256:([0-9a-f]{2}(?::?[0-9a-f]{2}){31})$/i;
/** The beginning of a distinguished name as RFC 4514 writes it. */
const subject = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)=/i;

/** `sha256:` and 64 hexadecimal digits, or a subject. Throws `invalid_value`. */
export function readCertificate(text: string): Certificate {
  const [, digits] = fingerprint.exec(text) ?? [];
  if (digits !== undefined) return { kind: 'fingerprint', name: digits.replaceAll(':', '').toLowerCase() };
  if (subject.test(text)) return { kind: 'subject', name: text };
  throw invalid(
    'certificate',
    'must be "sha256:" with 64 hexadecimal digits, or a subject such as "CN=desk,O=Example"',
  );
}

export function writeCertificate({ kind, name }: Pick<AccountCertificate, 'kind' | 'name'>): string {
  return kind === 'fingerprint' ? `sha256:${name}` : name;
}
