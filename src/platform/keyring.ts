import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A problem with SECRET_KEY or data/secret.key; the text says what to do and shows no key. */
export class KeyringError extends Error {}

/** A sealed text that cannot be opened: another purpose, an unknown key, or it was changed. */
export class SealError extends Error {}

/** Keys derived from SECRET_KEY, one per purpose, so that a purpose can never be used for another. */
export interface Keyring {
  /** The key new things are made with. */
  readonly currentKeyId: string;
  readonly keyIds: readonly string[];
  /** Identifies a key without revealing it; kept in the database to refuse a start with another key. */
  fingerprint(keyId?: string): string;
  /** 32 bytes (or `length`) for one purpose. */
  derive(purpose: string, length?: number, keyId?: string): Buffer;
  /** AES-256-GCM; the answer is printable text that names its key. */
  seal(purpose: string, plaintext: string): string;
  /** @throws {SealError} */
  open(purpose: string, sealed: string): string;
  /** The same content sealed with the current key, or the very text given when it already is. */
  reseal(purpose: string, sealed: string): string;
  hmac(purpose: string, data: string | Uint8Array, keyId?: string): Buffer;
  /** Whether the code was made with any key of the ring. */
  verifyHmac(purpose: string, data: string | Uint8Array, code: Uint8Array): boolean;
}

interface Key {
  readonly id: string;
  readonly secret: Buffer;
}

const format = /^(k[0-9]{1,6}):([A-Za-z0-9+/_-]{43,}={0,2})$/;

/** Reads `k2:base64,k1:base64`, newest first. @throws {KeyringError} */
export function parseSecretKey(text: string): Key[] {
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part, index) => {
      const match = format.exec(part);
      const secret = Buffer.from(match?.[2] ?? '', 'base64');
      if (!match || secret.length < 32) {
        throw new KeyringError(
          `key ${index + 1} must be k<number>:<base64 of at least 32 bytes>, as in k1:$(openssl rand -base64 32)`,
        );
      }
      return { id: match[1]!, secret };
    });
  if (keys.length === 0) throw new KeyringError('no key given');
  if (new Set(keys.map((key) => key.id)).size < keys.length) throw new KeyringError('two keys have the same id');
  return keys;
}

/** SECRET_KEY when set, else the key in `dataDir`/secret.key, which is made (mode 0600) when it is not there. */
export function loadKeyring(secretKey: string | undefined, dataDir: string): Keyring {
  return createKeyring(secretKey ?? readOrMakeKeyFile(dataDir));
}

export function createKeyring(secretKey: string): Keyring {
  const keys = parseSecretKey(secretKey);
  const byId = new Map(keys.map((key) => [key.id, key]));
  const current = keys[0]!;
  const derived = new Map<string, Buffer>();

  function derive(purpose: string, length = 32, keyId = current.id): Buffer {
    const name = `${keyId}/${length}/${purpose}`;
    const known = derived.get(name);
    if (known) return known;
    const key = byId.get(keyId);
    if (!key) throw new KeyringError(`key ${keyId} is not in SECRET_KEY; keep old keys after the new one`);
    const made = Buffer.from(hkdfSync('sha256', key.secret, '', `mercator/${purpose}`, length));
    derived.set(name, made);
    return made;
  }

  function seal(purpose: string, plaintext: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', derive(`seal/${purpose}`), iv);
    cipher.setAAD(Buffer.from(`${current.id}/${purpose}`));
    const content = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${current.id}.${iv.toString('base64url')}.${content.toString('base64url')}`;
  }

  function open(purpose: string, sealed: string): string {
    const [keyId = '', iv = '', content = '', ...rest] = sealed.split('.');
    if (!byId.has(keyId) || rest.length > 0)
      throw new SealError(`sealed with a key that is not in SECRET_KEY, or not sealed: ${purpose}`);
    try {
      const bytes = Buffer.from(content, 'base64url');
      const decipher = createDecipheriv(
        'aes-256-gcm',
        derive(`seal/${purpose}`, 32, keyId),
        Buffer.from(iv, 'base64url'),
        {
          authTagLength: 16,
        },
      );
      decipher.setAAD(Buffer.from(`${keyId}/${purpose}`));
      decipher.setAuthTag(bytes.subarray(bytes.length - 16));
      return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - 16)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SealError(`cannot be opened: ${purpose}`, { cause });
    }
  }

  function hmac(purpose: string, data: string | Uint8Array, keyId?: string): Buffer {
    return createHmac('sha256', derive(`hmac/${purpose}`, 32, keyId))
      .update(data)
      .digest();
  }

  return {
    currentKeyId: current.id,
    keyIds: keys.map((key) => key.id),
    fingerprint: (keyId) =>
      createHash('sha256')
        .update(derive('fingerprint', 32, keyId))
        .digest('base64url')
        .slice(0, 22),
    derive,
    seal,
    open,
    reseal: (purpose, sealed) => (sealed.startsWith(`${current.id}.`) ? sealed : seal(purpose, open(purpose, sealed))),
    hmac,
    verifyHmac: (purpose, data, code) =>
      code.length === 32 && keys.some((key) => timingSafeEqual(hmac(purpose, data, key.id), code)),
  };
}

/** A fresh key in the form SECRET_KEY takes. */
export function generateSecretKey(id = 'k1'): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

function readOrMakeKeyFile(dataDir: string): string {
  const path = join(dataDir, 'secret.key');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = join(dataDir, `.secret.key.${randomBytes(6).toString('hex')}`);
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0) {
      throw new KeyringError(
        `${path} can be read by everybody: chmod 600 it, and replace the key if others were on this machine`,
      );
    }
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  writeFileSync(draft, `${generateSecretKey()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path); // fails when another process made one first; then that one counts
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, 'utf8').trim();
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
