import { toInstant } from '../../../core/shared/clock.js';
import type { Builtin, SimpleType } from './description.js';

/** A text that is not a value of its type. `reason` is for the caller and holds no more than the text itself (shortened). */
export class BadValue extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'BadValue';
  }
}

const notANumber = 'Input string was not in a correct format.';
const integerText = /^[+-]?\d{1,40}$/;
const decimalText = /^[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})$/;
const floatText = /^(?:[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,4})?|-?INF|NaN)$/;
const dateTimeText = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)?$/;
const zone = '(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?';
const dateText = new RegExp(`^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])${zone}$`);
const timeText = new RegExp(`^(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?${zone}$`);
const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Numbers that fit a double exactly are numbers, the others bigint. */
const ranges: Partial<Record<Builtin, readonly [bigint, bigint, string]>> = {
  int: [-2_147_483_648n, 2_147_483_647n, 'an Int32'],
  short: [-32_768n, 32_767n, 'an Int16'],
  byte: [-128n, 127n, 'a signed byte'],
  unsignedInt: [0n, 4_294_967_295n, 'a UInt32'],
  long: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n, 'an Int64'],
  nonNegativeInteger: [0n, 10n ** 40n, 'a non-negative integer'],
  positiveInteger: [1n, 10n ** 40n, 'a positive integer'],
};

export type DecodeText = (text: string) => unknown;

/** A function from the text of an element to its value. @throws BadValue (from the returned function) */
export function textDecoder(type: SimpleType): DecodeText {
  if (type.values !== null) {
    const allowed = new Set(type.values);
    return (text) => {
      const value = text.trim();
      if (allowed.has(value)) return value;
      throw new BadValue(`Instance validation error: '${shorten(value)}' is not a valid value for ${type.name}.`);
    };
  }
  switch (type.builtin) {
    case 'string':
      return (text) => text;
    case 'anyURI':
      return (text) => text.trim();
    case 'boolean':
      return decodeBoolean;
    case 'int':
    case 'short':
    case 'byte':
    case 'unsignedInt':
      return smallInteger(type.builtin);
    case 'long':
    case 'integer':
    case 'nonNegativeInteger':
    case 'positiveInteger':
      return bigInteger(type.builtin);
    case 'decimal':
      return (text) => matching(text, decimalText, notANumber).replace(/^\+/, '');
    case 'double':
    case 'float':
      return (text) => Number(matching(text, floatText, notANumber).replace('INF', 'Infinity'));
    case 'dateTime':
      return decodeDateTime;
    case 'date':
      return (text) => matching(text, dateText, `The string '${shorten(text)}' is not a valid AllXsd value.`);
    case 'time':
      return (text) => matching(text, timeText, `The string '${shorten(text)}' is not a valid AllXsd value.`);
    case 'base64Binary':
      return (text) => decodeBase64(text) ?? fail('The input is not a valid Base-64 string.');
  }
}

function decodeBoolean(text: string): boolean {
  switch (text.trim()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return fail(`The string '${shorten(text)}' is not a valid Boolean value.`);
  }
}

function smallInteger(kind: Builtin): DecodeText {
  const [lowest, highest, name] = ranges[kind]!;
  const minimum = Number(lowest);
  const maximum = Number(highest);
  return (text) => {
    const value = Number(matching(text, integerText, notANumber));
    if (value >= minimum && value <= maximum) return value === 0 ? 0 : value;
    return fail(`Value was either too large or too small for ${name}.`);
  };
}

function bigInteger(kind: Builtin): DecodeText {
  const range = ranges[kind];
  return (text) => {
    const value = BigInt(matching(text, integerText, notANumber).replace(/^\+/, ''));
    if (range !== undefined && (value < range[0] || value > range[1])) {
      return fail(`Value was either too large or too small for ${range[2]}.`);
    }
    return value;
  };
}

/** Without a zone it is UTC; digits beyond milliseconds are cut; 24:00:00 is the next day. Answers an Instant. */
export function decodeDateTime(text: string): string {
  const trimmed = text.trim();
  const parts = dateTimeText.exec(trimmed);
  const bad = (): never => fail(`The string '${shorten(trimmed)}' is not a valid AllXsd value.`);
  if (parts === null) return bad();
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const endOfDay = hour === 24 && minute === 0 && second === 0 && /^0*$/.test(parts[7] ?? '');
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59 || month < 1 || month > 12 || day < 1 || year < 1)
    return bad();
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCMonth() !== month - 1) return bad();
  const time = local.getTime() + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction - offsetOf(parts[8], bad);
  const instant = toInstant(time);
  return instant.length === 24 ? instant : bad();
}

function offsetOf(text: string | undefined, bad: () => never): number {
  if (text === undefined || text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return bad();
  return (text[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Bytes of a Base64 text, blanks allowed; null when it is none. */
export function decodeBase64(text: string): Buffer | null {
  const compact = text.replace(/[ \t\r\n]+/g, '');
  return base64Text.test(compact) ? Buffer.from(compact, 'base64') : null;
}

function matching(text: string, pattern: RegExp, reason: string): string {
  const trimmed = text.trim();
  return pattern.test(trimmed) ? trimmed : fail(reason);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function fail(reason: string): never {
  throw new BadValue(reason);
}
