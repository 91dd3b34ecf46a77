import { createDecipheriv } from 'node:crypto';
import { constantTimeEqual } from '../../../../../../platform/secrets.js';
import type { Answer } from '../http.js';
import type { LocalMarketplace } from '../model.js';
import { missing, refused, success } from './envelope.js';
import { shownPerson } from './shown.js';

/** `users/authenticate`: is this the person's password here? */
export function authenticatePerson(marketplace: LocalMarketplace, given: Readonly<Record<string, unknown>>): Answer {
  const people = [...marketplace.people.values()];
  const person = people.find(({ uid, email }) =>
    given.id === undefined ? email.toLowerCase() === String(given.email).toLowerCase() : uid === given.id,
  );
  if (person === undefined) return missing();
  const password = decrypt(String(given.password ?? ''), marketplace.api.key);
  if (password === undefined || !constantTimeEqual(password, person.password)) {
    return refused(400, { password: ['is invalid'] });
  }
  return success(shownPerson(marketplace, person));
}

/** `base64(iv)--base64(AES-256-CBC)` with the first 32 bytes of the key; undefined for anything else. */
function decrypt(text: string, key: string): string | undefined {
  const [iv = '', sealed = ''] = text.split('--');
  try {
    const cipher = createDecipheriv('aes-256-cbc', Buffer.from(key).subarray(0, 32), Buffer.from(iv, 'base64'));
    return Buffer.concat([cipher.update(Buffer.from(sealed, 'base64')), cipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
