import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Identity } from './identities.js';

export interface Asked {
  readonly request: string;
  readonly issuer: string;
  readonly audience: string;
  readonly consume: string;
  readonly identity: Identity;
  readonly sign: 'assertion' | 'response' | 'both';
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Answered {
  /** Base64. */
  readonly response: string;
  /** As pysaml2 read it. */
  readonly request: { readonly id: string; readonly issuer: string; readonly consume: string };
}

const program = join(dirname(fileURLToPath(import.meta.url)), 'pysaml2-idp.py');

/** Has pysaml2 answer a request. It reads the wall clock. */
export async function askPysaml2({ identity, ...asked }: Asked): Promise<Answered> {
  const folder = await mkdtemp(join(tmpdir(), 'pysaml2-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    await writeFile(key, identity.key);
    await writeFile(certificate, identity.certificate);
    const child = spawn(process.env.ZEEP_PYTHON ?? '/usr/bin/python3', [program], { timeout: 60_000 });
    child.stdin.end(JSON.stringify({ ...asked, key, certificate }));
    const [said, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (child.exitCode !== 0) throw new Error(errors);
    return JSON.parse(said) as Answered;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
