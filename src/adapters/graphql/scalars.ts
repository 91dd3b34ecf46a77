import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

function textScalar(
  name: string,
  description: string,
  read: (text: string) => string,
  url?: string,
): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL: url,
    serialize(value) {
      if (typeof value === 'string') return value;
      if (typeof value === 'bigint') return value.toString();
      throw new TypeError(`${name} cannot show a ${typeof value}`);
    },
    parseValue(value) {
      if (typeof value !== 'string') throw new GraphQLError(`${name} must be text`);
      return read(value);
    },
    parseLiteral(node) {
      if (node.kind !== Kind.STRING) throw new GraphQLError(`${name} must be text`, { nodes: node });
      return read(node.value);
    },
  });
}

const instant = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/;

function readInstant(text: string): string {
  const match = instant.exec(text);
  if (!match) throw new GraphQLError('DateTime must be ISO 8601, such as 2026-11-21T08:00:00.000Z');
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const milliseconds = Date.parse(`${local}${offset}`);
  // 30 February and 24:00 are taken for the next day by the platform; here they are mistakes.
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(milliseconds) || new Date(asUtc).toISOString() !== `${local}Z`) {
    throw new GraphQLError('DateTime is not a real moment');
  }
  return new Date(milliseconds).toISOString();
}

/** Output is the stored text as it is; input may be any ISO 8601 moment, without a zone it is UTC. */
export const DateTime = textScalar(
  'DateTime',
  'A moment in UTC with milliseconds: `2026-11-21T08:00:00.000Z`. Input without a zone is UTC.',
  readInstant,
  'https://scalars.graphql.org/andimarek/date-time.html',
);

export const MinorUnits = textScalar(
  'MinorUnits',
  'An amount in minor units of its currency, as text: EUR 15.00 is `"1500"`.',
  (text) => {
    if (!/^-?\d{1,19}$/.test(text)) throw new GraphQLError('MinorUnits must be a whole number as text');
    return text;
  },
);

export const Int64 = textScalar('Int64', 'A whole number of 64 bits, as text.', (text) => {
  if (!/^-?\d{1,19}$/.test(text)) throw new GraphQLError('Int64 must be a whole number as text');
  return text;
});

export const Cursor = textScalar(
  'Cursor',
  'A place in a list. Opaque: only valid for the list, ordering and filter it came from.',
  (text) => {
    if (text.length === 0 || text.length > 2_000) throw new GraphQLError('Cursor is not one of ours');
    return text;
  },
);

export const JsonText = textScalar(
  'JsonText',
  'A JSON document as text, for data whose shape is not ours to fix: parse it to read it.',
  (text) => {
    try {
      JSON.parse(text);
    } catch {
      throw new GraphQLError('JsonText must be a JSON document');
    }
    return text;
  },
);
