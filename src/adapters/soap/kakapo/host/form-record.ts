import { masker } from '../../kit/index.js';
import type { OperationContract } from '../contract/index.js';
import type { FormParameters } from './form-parameters.js';
import { namesOfParameter } from './names.js';

const longest = 16_384;
const mask = masker([]);

/**
 * A form call for the request inspector. Shown is what the operation has a name for, without passwords; of anything else only how
 * much it was, because a password may have been misspelled into it.
 */
export function recordedForm(
  method: string,
  path: string,
  operation: OperationContract | undefined,
  sent: FormParameters,
): string {
  const lines: string[] = [];
  const known = new Set<string>();
  for (const { name } of operation?.parameters ?? []) {
    for (const spelled of namesOfParameter(operation!, name)) {
      const values = sent.get(spelled.toLowerCase());
      // an alias may differ in its case alone
      if (values === undefined || known.has(spelled.toLowerCase())) continue;
      known.add(spelled.toLowerCase());
      lines.push(`${spelled}=${/password/i.test(name) ? '***' : values.join(',')}`);
    }
  }
  const others = sent.size - known.size;
  if (others > 0) lines.push(`(${others} more)`);
  return cut(`${method} ${path}${operation === undefined ? '' : `/${operation.name}`}\n\n${lines.join('\n')}`);
}

/** The text of an answer for the request inspector. */
export function recordedAnswer(operation: OperationContract | undefined, body: string): string {
  // a name nobody has may be a query somebody forgot the question mark of
  return operation === undefined ? '' : cut(mask(body));
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
