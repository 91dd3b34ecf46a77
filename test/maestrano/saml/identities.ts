import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and its certificate, as an identity provider has them. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
  /** SHA-1, as OpenSSL prints it. */
  readonly fingerprint: string;
}

/** Made by the openssl command, signed by itself. `key` as `-newkey` takes it. */
export function makeIdentity(subject: string, key: readonly string[] = ['rsa:2048']): Identity {
  const folder = mkdtempSync(join(tmpdir(), 'saml-'));
  try {
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const files = ['-keyout', keyFile, '-out', certificateFile];
    const options = ['-nodes', '-days', '3650', '-subj', `/CN=${subject}`];
    execFileSync('openssl', ['req', '-x509', '-newkey', ...key, ...files, ...options], { stdio: 'pipe' });
    const certificate = readFileSync(certificateFile, 'utf8');
    const { fingerprint } = new X509Certificate(certificate);
    return { key: readFileSync(keyFile, 'utf8'), certificate, fingerprint };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
