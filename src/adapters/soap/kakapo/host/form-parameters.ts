import { isUtf8 } from 'node:buffer';
import { FormProblem } from './form-problem.js';

/** As many as ASP.NET takes; the longest list of parameters has ten. */
const most = 1_000;

/** Parameters by their names in lower case, each with all its values. A Map, so that no name means anything to us. */
export type FormParameters = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `name=value&name=value`, percent-encoded UTF-8 with `+` for a blank. A percent sign that begins no escape is itself, and
 * what has no name is left out, as in ASP.NET. @throws FormProblem (more than 1,000 parameters, or text that is not UTF-8)
 */
export function readFormParameters(encoded: Buffer): FormParameters {
  const parameters = new Map<string, string[]>();
  let count = 0;
  // one byte, one character: the separators and escapes are ASCII in any case
  const source = encoded.toString('latin1');
  for (let at = 0; at < source.length; ) {
    const end = source.indexOf('&', at);
    const pair = source.slice(at, end === -1 ? source.length : end);
    at = end === -1 ? source.length : end + 1;
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    count += 1;
    if (count > most) throw new FormProblem('The request has too many parameters.', 400);
    const name = decode(pair.slice(0, equals)).toLowerCase();
    const value = decode(pair.slice(equals + 1));
    const present = parameters.get(name);
    if (present === undefined) parameters.set(name, [value]);
    else present.push(value);
  }
  return parameters;
}

function decode(text: string): string {
  const bytes = Buffer.from(
    text
      .replaceAll('+', ' ')
      .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  if (!isUtf8(bytes)) throw new FormProblem('The parameters are not encoded as UTF-8.', 400);
  return bytes.toString('utf8');
}
