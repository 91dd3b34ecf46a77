import fc from 'fast-check';
import type { Field, SchemaType } from '../../src/adapters/soap/kit/description.js';
import { defaultLimits, loadWsdl, parseXml } from '../../src/adapters/soap/kit/index.js';
import { compilePlain } from '../../src/adapters/soap/kit/plain-message.js';
import { lazyValidator } from '../../src/adapters/soap/kit/validate.js';
import { readWsdl } from '../../src/adapters/soap/kit/wsdl-reader.js';

const services = ['SpLogin', 'SpService', 'SpCdrUtil', 'OpService', 'OpCdrUtil', 'OpStatisticsUtil', 'OpAlarmUtil'];

/** Values of each type, right ones and wrong ones. */
const texts: Readonly<Record<string, readonly string[]>> = {
  string: ['x', '', ' a ', '<![CDATA[ ]]>', '&amp;'],
  int: ['7', '-7', '007', ' 7 ', '+7', '99999999999', '1.5', 'seven', ''],
  long: ['7', '9223372036854775807', '9223372036854775808', '-1', 'x'],
  boolean: ['true', 'false', '1', 'yes'],
  dateTime: [
    '2026-11-21T08:00:00Z',
    '2026-02-30T08:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21',
    'now',
    '2026-11-21T08:00:00+13:59',
  ],
};

const noise = ['', ' ', 'text', '<!-- x -->', '<x/>'];
const attributes = ['', ' a="1"', ' xmlns:q="urn:q"', ' xsi:nil="true"', ' xsi:type="x"', ' xml:lang="en"'];

/** Mostly right messages: each place may go wrong with a small chance. */
function messageOf(field: Field): fc.Arbitrary<string> {
  const rarely = <T>(usual: T, others: readonly T[]): fc.Arbitrary<T> =>
    fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
  const inner = (type: SchemaType): fc.Arbitrary<string> => {
    if (type.kind === 'simple') {
      const usual = type.values ?? [texts[type.builtin]![0]!];
      return rarely(usual[0]!, type.values === null ? texts[type.builtin]! : [...type.values, 'BANANA', '']);
    }
    return fc
      .tuple(
        rarely('', noise),
        fc.boolean(),
        ...type.fields.map((child) =>
          fc.tuple(rarely(1, [0, 2]), element(child)).map(([times, text]) => text.repeat(times)),
        ),
      )
      .chain(([stray, swap, ...children]) =>
        rarely(false, [true]).map((wild) => {
          const order = wild && swap ? [...children].reverse() : children;
          return stray + order.join('');
        }),
      );
  };
  const element = (child: Field): fc.Arbitrary<string> =>
    fc
      .tuple(
        rarely(child.name, ['other', child.name.toUpperCase()]),
        rarely(child.uri, ['', 'urn:else']),
        rarely('', attributes),
        inner(child.type),
      )
      .map(([name, uri, attribute, content]) => `<${name} xmlns="${uri}"${attribute}>${content}</${name}>`);
  return element(field);
}

describe('a message that is plain', () => {
  for (const name of services) {
    const description = readWsdl(loadWsdl(`prm/${name}.wsdl`));
    it(`is valid in the eyes of libxml2, whatever is asked of ${name}`, async () => {
      const validate = await lazyValidator(description)();
      let plain = 0;
      let valid = 0;
      const claim = fc.property(
        fc.constantFrom(...description.operations).chain(({ input }) => fc.tuple(fc.constant(input), messageOf(input))),
        ([input, message]) => {
          const text =
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
            `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Body>${message}</s:Body></s:Envelope>`;
          const request = parseXml(text, defaultLimits).children[0]!.children[0]!;
          const problem = validate(text);
          if (problem === null) valid += 1;
          if (!compilePlain(input)(request)) return;
          plain += 1;
          if (request.children.length === 0 && /^\s+$/.test(request.text)) return;
          expect([text, problem]).toEqual([text, null]);
        },
      );
      fc.assert(claim, { numRuns: 1_500 });
      // else the claim would hold of nothing
      expect(plain).toBeGreaterThan(100);
      expect(plain / valid).toBeGreaterThan(0.5);
    });
  }
});
