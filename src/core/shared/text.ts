import { type Instant, toInstant } from './clock.js';
import { invalid } from './errors.js';

/** With those that break a line, those that turn the direction of what stands beside a text, and those no XML can carry. */
const control = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;
const loneSurrogate = /\p{Surrogate}/u;

/** Returns the text unchanged, or throws `invalid_value`: empty, outer blanks, control characters, too long. Trims nothing. */
export function checkText(field: string, value: string, maxLength = 200): string {
  if (value === '') throw invalid(field, 'must not be empty');
  if (value.length > maxLength) throw invalid(field, `must not be longer than ${maxLength} characters`);
  if (loneSurrogate.test(value)) throw invalid(field, 'must be well-formed Unicode');
  if (value !== value.trim()) throw invalid(field, 'must not start or end with a blank');
  if (control.test(value)) throw invalid(field, 'must not contain control characters');
  return value;
}

/** The text so far as `checkText` takes it, for what nobody can be asked to mend: without refused characters and outer blanks. */
export function keepable(text: string): string {
  return [...text]
    .filter((character) => !control.test(character) && !loneSurrogate.test(character))
    .join('')
    .trim();
}

/** Like `checkText`, but '' is allowed. */
export function checkOptionalText(field: string, value: string, maxLength = 200): string {
  return value === '' ? value : checkText(field, value, maxLength);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all but tab and line ends are refused
const controlInProse = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Text of several lines, '' included: tabs, line ends and outer blanks stay as they came. */
export function checkProse(field: string, value: string, maxLength: number): string {
  if (value.length > maxLength) throw invalid(field, `must not be longer than ${maxLength} characters`);
  if (loneSurrogate.test(value)) throw invalid(field, 'must be well-formed Unicode');
  if (controlInProse.test(value)) throw invalid(field, 'must not contain control characters');
  return value;
}

/** Absolute http(s) URL without credentials. */
export function checkUrl(field: string, value: string): string {
  checkText(field, value, 2_000);
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw invalid(field, 'must be an absolute URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid(field, 'must be an http or https URL');
  if (url.username !== '' || url.password !== '') throw invalid(field, 'must not carry credentials');
  return value;
}

const email = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\]+$/;

export function checkEmail(field: string, value: string): string {
  checkText(field, value, 254);
  // Lower case can be longer (İ), and the copy is kept in as many characters.
  if (!email.test(value) || emailKey(value).length > 254) throw invalid(field, 'must be an e-mail address');
  return value;
}

/** An instant in any form `Date` reads, as the text the hub keeps (UTC, milliseconds, Z). Throws `invalid_value`; years 1970 to 9999. */
export function checkInstant(field: string, value: string): Instant {
  const milliseconds = Date.parse(value);
  if (!(milliseconds >= 0 && milliseconds < 253_402_300_800_000)) throw invalid(field, 'must be an instant');
  return toInstant(milliseconds);
}

/** The copy by which e-mail addresses compare: NFC, lower case. */
export function emailKey(address: string): string {
  return address.normalize('NFC').toLowerCase();
}

/** Of anything that is counted, also of what is used: every protocol and both databases can say it. */
export const mostQuantity = 2_000_000_000;

export function checkQuantity(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > mostQuantity) {
    throw invalid(field, 'must be a whole number from 0 to 2,000,000,000');
  }
  return value;
}
