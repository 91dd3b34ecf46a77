import { refuse } from './verify/refused.js';

/** Of a response, decoded (spec Maestrano 1.4, validation 1). */
const mostBytes = 256 * 1_024;
/** Of its base64, with line breaks and blanks. */
const mostCharacters = Math.ceil((mostBytes * 4) / 3) * 1.1;

/**
 * The text of the response in a form. Line breaks and missing padding in the base64 do not matter, nor do other fields.
 * @throws Refused form, too_large, base64 or encoding
 */
export function readResponseField(contentType: string | undefined, body: Buffer): string {
  const [type = ''] = (contentType ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') refuse('form', 'content type');
  const [field, second] = new URLSearchParams(body.toString('latin1')).getAll('SAMLResponse');
  if (field === undefined || field === '' || second !== undefined) return refuse('form');
  if (field.length > mostCharacters) refuse('too_large');
  // a plus sign nobody escaped arrives as a blank
  const base64 = field.replace(/[\r\n\t]+/g, '').replaceAll(' ', '+');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) refuse('base64');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > mostBytes) refuse('too_large');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('encoding');
  }
}
