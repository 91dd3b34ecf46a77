import { createCipheriv, randomBytes } from 'node:crypto';

const keyBytes = 32;

/** The connection's key cannot be used for what was asked; the text is for the operator. */
export class UnusableKey extends Error {
  constructor() {
    super(`the key of the account API is shorter than the ${keyBytes} bytes that passwords are encrypted with`);
    this.name = 'UnusableKey';
  }
}

/**
 * `base64(iv)--base64(AES-256-CBC/PKCS7(password))` with the first 32 bytes of the API key (spec Maestrano 1.7).
 * Throws `UnusableKey`.
 */
export function encryptPassword(password: string, apiKey: string): string {
  const key = Buffer.from(apiKey, 'utf8').subarray(0, keyBytes);
  if (key.length < keyBytes) throw new UnusableKey();
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const sealed = Buffer.concat([cipher.update(password, 'utf8'), cipher.final()]);
  return `${iv.toString('base64')}--${sealed.toString('base64')}`;
}
