import { types } from 'node:util';

const longestText = 2_000;
const longestList = 50;
const deepest = 6;

/** Fields whose value never reaches a log, wherever they appear. `tokenId`, `passwordSet` and the like are harmless. */
const secretField =
  /^(?:.*(?:password|passwd|secret|authorization|cookie|apikey|private_?key)|(?:.*_?(?:access|refresh|id|login|bearer|logout))?_?token|nonce|code_verifier|client_assertion|assertion|signature|jwt|pin|otp)$/i;

/** A copy that is safe to log: secrets as ***, long texts and lists cut, depth bounded, errors readable, cycles named. */
export function safeForLog(value: unknown, forTerminal: boolean): unknown {
  return copy(value, forTerminal, 0, new Set());
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Control characters as visible text, so that nothing can move the cursor or begin a line of its own. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function copy(value: unknown, forTerminal: boolean, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return shorten(value, forTerminal);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= deepest) return '[deeper]';
  const inside = new Set(above).add(value);
  if (value instanceof Error || types.isNativeError(value)) return copyError(value, forTerminal, depth, inside);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return copyList(value, forTerminal, depth, inside);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return copy(value.toJSON(), forTerminal, depth + 1, inside);
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value).slice(0, 200)) {
    out[shorten(key, forTerminal)] = secretField.test(key) ? '***' : copy(inner, forTerminal, depth + 1, inside);
  }
  return out;
}

function copyList(list: readonly unknown[], forTerminal: boolean, depth: number, above: Set<object>): unknown[] {
  const kept = list.slice(0, longestList).map((item) => copy(item, forTerminal, depth + 1, above));
  if (list.length > longestList) kept.push(`[${list.length - longestList} more]`);
  return kept;
}

function copyError(error: Error, forTerminal: boolean, depth: number, above: Set<object>): unknown {
  const stack = error.stack ?? '';
  return {
    type: error.name,
    message: shorten(error.message, forTerminal),
    ...('code' in error && { code: copy(error.code, forTerminal, depth + 1, above) }),
    stack: stack.length > longestText * 2 ? `${stack.slice(0, longestText * 2)}…` : stack,
    ...(error.cause !== undefined && { cause: copy(error.cause, forTerminal, depth + 1, above) }),
  };
}

function shorten(text: string, forTerminal: boolean): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}…[${text.length} characters]` : text;
  return forTerminal ? escapeControls(short) : short;
}
