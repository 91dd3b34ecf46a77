import fc from 'fast-check';
import { compileDecoder } from '../../src/adapters/soap/kit/decode.js';
import type { Field } from '../../src/adapters/soap/kit/description.js';
import {
  BadValue,
  compileElementWriter,
  decodeDateTime,
  parseXml,
  readWsdl,
  textDecoder,
} from '../../src/adapters/soap/kit/index.js';
import { defaultLimits } from '../../src/adapters/soap/kit/limits.js';
import { lazyValidator } from '../../src/adapters/soap/kit/validate.js';
import { echoHandlers, envelope, necUri, necWsdl, serve } from './support.js';

const typesWsdl = (schema: string, more = ''): string => `<?xml version="1.0"?>
<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" xmlns:b="urn:b" targetNamespace="urn:t">
<w:types>${more}<x:schema targetNamespace="urn:t" elementFormDefault="qualified">${more === '' ? '' : '<x:import namespace="urn:b"/>'}${schema}</x:schema></w:types>
<w:message name="I"><w:part name="p" element="t:Do"/></w:message><w:message name="O"><w:part name="p" element="t:DoResponse"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="t:I"/><w:output message="t:O"/></w:operation></w:portType>
<w:binding name="B" type="t:P"><soap:binding/><w:operation name="Do"><soap:operation soapAction=""/></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="t:B"><soap:address location="x"/></w:port></w:service></w:definitions>`;

const everything = typesWsdl(
  `<x:simpleType name="State"><x:restriction base="x:string"><x:enumeration value="ON"/><x:enumeration value="OFF"/></x:restriction></x:simpleType>
   <x:complexType name="Base"><x:sequence><x:element name="id" type="x:long"/></x:sequence></x:complexType>
   <x:complexType name="Node"><x:complexContent><x:extension base="t:Base"><x:sequence>
     <x:element name="text" type="x:string" minOccurs="0"/><x:element name="child" type="t:Node" minOccurs="0" nillable="true"/>
   </x:sequence></x:extension></x:complexContent></x:complexType>
   <x:complexType name="ArrayOfNode"><x:sequence><x:element name="Node" type="t:Node" minOccurs="0" maxOccurs="unbounded" nillable="true"/></x:sequence></x:complexType>
   <x:element name="Do"><x:complexType><x:sequence>
     <x:element name="state" type="t:State" minOccurs="0"/><x:element name="flag" type="x:boolean" minOccurs="0"/>
     <x:element name="count" type="x:int" minOccurs="0"/><x:element name="big" type="x:long" minOccurs="0"/>
     <x:element name="price" type="x:decimal" minOccurs="0"/><x:element name="at" type="x:dateTime" minOccurs="0"/>
     <x:element name="data" type="x:base64Binary" minOccurs="0"/><x:element name="nodes" type="t:ArrayOfNode" minOccurs="0"/>
     <x:element name="word" type="x:string" minOccurs="0" maxOccurs="unbounded"/><x:element name="local" form="unqualified" type="x:string" minOccurs="0"/>
     <x:element ref="b:Far" minOccurs="0"/>
   </x:sequence></x:complexType></x:element>
   <x:element name="DoResponse"><x:complexType><x:sequence/></x:complexType></x:element>`,
  `<x:schema targetNamespace="urn:b" elementFormDefault="qualified"><x:complexType name="FarType"><x:sequence><x:element name="near" type="x:string"/></x:sequence></x:complexType><x:element name="Far" type="b:FarType"/></x:schema>`,
);

const described = readWsdl(everything);
const input = described.operations[0]!.input;
const write = compileElementWriter(input);
const decode = compileDecoder(input.type, {});
const validate = lazyValidator(described);
const wrap = (xml: string): string =>
  `<e:Envelope xmlns:e="urn:e" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>${xml}</e:Body></e:Envelope>`;
const read = (xml: string): unknown => decode(parseXml(wrap(xml), defaultLimits).children[0]!.children[0]!);

/** Text that XML can carry. */
const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 cannot carry
  .map((raw) => raw.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''));
const node = fc.letrec((tie) => ({
  node: fc.record(
    {
      id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      text,
      child: fc.option(tie('node'), { nil: undefined, maxDepth: 3 }),
    },
    { requiredKeys: ['id'] },
  ),
})).node;
const message = fc.record(
  {
    state: fc.constantFrom('ON', 'OFF'),
    flag: fc.boolean(),
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    price: fc.tuple(fc.integer(), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`),
    at: fc
      .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    data: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    nodes: fc.array(node, { maxLength: 3 }),
    word: fc.array(text, { minLength: 1, maxLength: 3 }),
    local: text,
    Far: fc.record({ near: text }),
  },
  { requiredKeys: [] },
);

test('whatever is written is valid and reads back the same', async () => {
  const check = await validate();
  fc.assert(
    fc.property(message, (value) => {
      const xml = write(value);
      expect(check(wrap(xml))).toBeNull();
      expect(read(xml)).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('any text at all is written as well-formed XML on one line of code points it may have', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(0xffff)), (left, right) => {
      const local = left + String.fromCharCode(...right);
      expect(() => parseXml(wrap(write({ local })), defaultLimits)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test('null, undefined, nil and empty', () => {
  expect(write({ word: [], local: '', nodes: [] })).toBe('<Do xmlns="urn:t"><nodes /><local xmlns="" /></Do>');
  expect(write({ nodes: [null, { id: 1n, child: null }] })).toBe(
    '<Do xmlns="urn:t"><nodes><Node xsi:nil="true" /><Node><id>1</id><child xsi:nil="true" /></Node></nodes></Do>',
  );
  expect(read('<Do xmlns="urn:t"><count xsi:nil="true"/><nodes><Node xsi:nil="1"/></nodes></Do>')).toEqual({
    nodes: [],
  });
  expect(read('<Do xmlns="urn:t"/>')).toEqual({});
});

test('lenient: order, unknown elements, foreign namespaces', () => {
  const xml =
    '<Do xmlns="urn:t"><count>2</count><x/><flag> 1 </flag><count xmlns="urn:z">9</count><state>ON</state><count>3</count><local>no</local></Do>';
  expect(read(xml)).toEqual({ count: 2, flag: true, state: 'ON' });
});

test.each([
  ['int', '2147483647', 2_147_483_647],
  ['int', ' +7 ', 7],
  ['int', '-0', 0],
  ['int', '2147483648', null],
  ['int', '1.0', null],
  ['int', '0x10', null],
  ['int', '１', null],
  ['long', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['long', '9223372036854775808', null],
  ['long', '1e3', null],
  ['boolean', 'TRUE', null],
  ['boolean', '0', false],
  ['decimal', '+1.50', '1.50'],
  ['decimal', '1e5', null],
  ['decimal', '.', null],
  ['dateTime', '2026-02-29T00:00:00', null],
  ['dateTime', '2024-02-29T24:00:00', '2024-03-01T00:00:00.000Z'],
  ['dateTime', '2026-11-21T10:00:00.1239+02:00', '2026-11-21T08:00:00.123Z'],
  ['dateTime', '2026-11-21T10:00:00', '2026-11-21T10:00:00.000Z'],
  ['dateTime', '2026-11-21', null],
  ['dateTime', '2026-11-21T10:00:60Z', null],
  ['dateTime', '2026-11-21T10:00:00+15:00', null],
  ['dateTime', '0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
  ['base64Binary', 'AQ I=', Buffer.from([1, 2])],
  ['base64Binary', '!', null],
] as const)('xsd:%s %p', (builtin, given, expected) => {
  const convert = textDecoder({ kind: 'simple', name: builtin, builtin, values: null });
  if (expected === null) expect(() => convert(given)).toThrow(BadValue);
  else expect(convert(given)).toEqual(expected);
});

test('instants survive', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(decodeDateTime(date.toISOString())).toBe(date.toISOString());
    }),
  );
});

test('a list is read wrapped and flat', async () => {
  const served = await serve({ operations: echoHandlers() });
  const item = '<licenceCode>A</licenceCode><quantity>1</quantity>';
  for (const lists of [
    `<licences><LicenceItem>${item}</LicenceItem><LicenceItem>${item}</LicenceItem></licences>`,
    `<licences>${item}</licences><licences>${item}</licences>`,
  ]) {
    await served.send(envelope(`<ModifyRealm xmlns="${necUri}">${lists}</ModifyRealm>`));
    expect(served.calls.at(-1)?.input).toEqual({
      licences: [
        { licenceCode: 'A', quantity: 1 },
        { licenceCode: 'A', quantity: 1 },
      ],
    });
  }
  await served.send(
    envelope(`<ReplaceUsers xmlns="${necUri}"><remove>U1</remove><remove>U2</remove><add/></ReplaceUsers>`),
  );
  expect(served.calls.at(-1)?.input).toEqual({ remove: ['U1', 'U2'], add: [] });
  await served.close();
});

test('the NEC description: thirty documented operations, inputs optional, all thirty answer validly', async () => {
  const { operations } = readWsdl(necWsdl);
  expect(operations).toHaveLength(30);
  const fieldsOf = (field: Field): readonly Field[] => (field.type.kind === 'complex' ? field.type.fields : []);
  const served = await serve({ operations: echoHandlers() });
  for (const { name, documentation, action, input: wrapper, output } of operations) {
    expect(documentation).not.toBe('');
    expect(action).toBe(`${necUri}/${name}`);
    expect([wrapper.name, output.name, fieldsOf(output)[0]?.name]).toEqual([name, `${name}Response`, `${name}Result`]);
    expect(
      fieldsOf(wrapper)
        .slice(0, 2)
        .map((field) => field.name),
    ).toEqual(['requestId', 'customerId']);
    expect(fieldsOf(wrapper).filter((field) => field.required)).toEqual([]);
    const results = fieldsOf(fieldsOf(output)[0]!).map((field) => field.name);
    expect(results.slice(0, 3)).toEqual(['resultCode', 'resultMessage', 'requestId']);
    const reply = await served.send(
      envelope(`<${name} xmlns="${necUri}"><requestId>r-88</requestId><realmId>R</realmId></${name}>`),
    );
    expect(reply.status).toBe(200);
    expect(reply.text).toContain(`<${name}Response xmlns="${necUri}"><${name}Result><resultCode>0</resultCode>`);
  }
  expect(served.problems).toEqual([]);
  await served.close();
});
