import { readFileSync } from 'node:fs';
import { generate, readContract } from '../../scripts/prm-wsdl.mjs';
import { compileDecoder } from '../../src/adapters/soap/kit/decode.js';
import { compileElementWriter, loadWsdl, parseXml, readWsdl } from '../../src/adapters/soap/kit/index.js';
import { defaultLimits } from '../../src/adapters/soap/kit/limits.js';
import { lazyValidator } from '../../src/adapters/soap/kit/validate.js';
import { fromWire, type ServiceContract, services, toWire } from '../../src/adapters/soap/prm/contract.js';
import { operations as handlers } from '../../src/adapters/soap/prm/operations/index.js';
import { sampleInput, sampleOutput, serviceOf, uriOf } from './support/samples.js';

const soapUri = 'http://schemas.xmlsoap.org/soap/envelope/';
const inBody = (xml: string): string =>
  `<e:Envelope xmlns:e="${soapUri}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>${xml}</e:Body></e:Envelope>`;
const wsdlOf = (service: ServiceContract): string => loadWsdl(`prm/${service.name}.wsdl`);

describe('the committed WSDLs', () => {
  test('are what the contract generates', async () => {
    const contract = await readContract();
    for (const [file, text] of Object.entries(generate(contract))) {
      expect({ file, same: text === readFileSync(new URL(`../../wsdl/prm/${file}`, import.meta.url), 'utf8') }).toEqual(
        {
          file,
          same: true,
        },
      );
    }
    const changed = structuredClone(contract);
    changed.services.SpLogin!.operations[0]!.faults.pop();
    expect(generate(changed)['SpLogin.wsdl']).not.toBe(wsdlOf(serviceOf('SpLogin')));
  });

  test('have the 98 operations of the guides, each with a handler', () => {
    const counts = services.map((service) => [service.name, readWsdl(wsdlOf(service)).operations.length]);
    expect(Object.fromEntries(counts)).toEqual({
      SpLogin: 3,
      SpService: 28,
      SpCdrUtil: 2,
      SpStatisticsUtil: 2,
      OpLogin: 2,
      OpService: 55,
      OpCdrUtil: 2,
      OpStatisticsUtil: 2,
      OpAlarmUtil: 2,
    });
    for (const service of services) {
      const names = readWsdl(wsdlOf(service)).operations.map(({ name }) => name);
      expect(names).toEqual([...service.operations.keys()]);
      expect(Object.keys(handlers[service.name]!).sort()).toEqual(names.sort());
    }
  });

  test.each(services.map((service) => [service.name, service] as const))(
    '%s: every reference leads somewhere',
    (_, service) => {
      const root = parseXml(wsdlOf(service), { ...defaultLimits, elements: 100_000, attributes: 100_000 });
      const all = function* (element = root): Generator<typeof root> {
        yield element;
        for (const child of element.children) yield* all(child);
      };
      const named = new Map<string, Set<string>>();
      const attributes = (element: typeof root): Record<string, string> =>
        Object.fromEntries(element.attributes.map(({ local, value }) => [local, value]));
      for (const element of all()) {
        if (element.parent?.local !== 'schema' && element.parent?.local !== 'definitions') continue;
        const prefix = element.parent.local === 'definitions' || !isTypes(element.parent) ? 'impl' : 'tns1';
        const kind = /Type$/.test(element.local) && element.local !== 'portType' ? 'type' : element.local;
        const names = named.get(kind) ?? new Set();
        const name = `${prefix}:${attributes(element).name}`;
        expect(names.has(name)).toBe(false);
        named.set(kind, names.add(name));
      }
      const targets = { type: 'type', message: 'message', binding: 'binding', element: 'element' } as const;
      for (const element of all()) {
        for (const [attribute, value] of Object.entries(attributes(element))) {
          const kind = element.local === 'binding' && attribute === 'type' ? 'portType' : targets[attribute as 'type'];
          if (kind === undefined || value.startsWith('xsd:') || value.includes('://')) continue;
          if (!/^(?:impl|tns1):/.test(value)) continue;
          expect({ value, known: named.get(kind)?.has(value) }).toEqual({ value, known: true });
        }
      }
      expect(wsdlOf(service)).not.toMatch(/soapAction="[^"]/);

      function isTypes(schema: typeof root): boolean {
        return attributes(schema).targetNamespace === `${uriOf(service.name)}:types`;
      }
    },
  );

  test('declare for an operation the faults of the contract, and no others', () => {
    for (const service of services) {
      const text = wsdlOf(service);
      for (const operation of service.operations.values()) {
        const block = text.slice(text.indexOf(`<wsdl:operation name="${operation.name}">`));
        const declared = [
          ...block.slice(0, block.indexOf('</wsdl:operation>')).matchAll(/<wsdl:fault .*?name="(\w+)"/g),
        ];
        expect(declared.map((match) => match[1])).toEqual(operation.faults);
        expect(operation.faults).toEqual(expect.arrayContaining(['ACCESS_DENIED', 'CommonException']));
      }
    }
  });
});

describe.each(services.map((service) => [service.name, service] as const))('messages of %s', (_, service) => {
  const description = readWsdl(wsdlOf(service));
  const validator = lazyValidator(description);

  test('the schemas compile, and full messages written by them are valid and read back the same', async () => {
    const validate = await validator();
    for (const { name, input, output } of description.operations) {
      const operation = service.operations.get(name)!;
      const sent = sampleInput(service, name);
      const wire = Object.fromEntries(
        operation.inputs.map((field) => {
          const bean = field.type.slice('tns1:'.length);
          return [
            field.name,
            service.beans.has(bean) ? toWire(service.name, bean, sent[field.name]) : sent[field.name],
          ];
        }),
      );
      const request = compileElementWriter(input)(wire);
      expect({ name, problem: validate(inBody(request)) }).toEqual({ name, problem: null });
      const read = compileDecoder(input.type, {})(parseXml(inBody(request), defaultLimits).children[0]!.children[0]!);
      expect(operation.readInput(read as never)).toEqual(sent);

      const answer = sampleOutput(service, name);
      const returned = answer === undefined ? {} : { [`${name}Return`]: operation.writeOutput(answer) };
      const response = compileElementWriter(output)(returned);
      expect({ name, problem: validate(inBody(response)) }).toEqual({ name, problem: null });
      if (answer === undefined) expect(response).toBe(`<${name}Response xmlns="${uriOf(service.name)}" />`);
    }
  });

  test('every fault has its typed detail', async () => {
    const validate = await validator();
    for (const fault of new Set([...service.operations.values()].flatMap(({ faults }) => faults))) {
      const write = compileElementWriter(description.elements.get(fault)!);
      for (const value of [{ message: 'why' }, { message: null }]) expect(validate(inBody(write(value)))).toBeNull();
      const state = write({ message: 'why', currentState: 'ACTIVE' });
      expect(validate(inBody(state))).toBeNull();
      expect(state.includes('<currentState>ACTIVE</currentState>')).toBe(fault === 'INVALID_STATE');
    }
  });
});

describe('names', () => {
  const property = { name: 'zone', value: 'north' };

  test('of a bean are those of the chapter, and ours inside', () => {
    const ours = { name: 'Acme', eMailAddress: 'a@acme.example', properties: [property] };
    const capitals = { Name: 'Acme', EMailAddress: 'a@acme.example', Properties: [{ Name: 'zone', Value: 'north' }] };
    expect(toWire('SpService', 'SpAccount', ours)).toMatchObject(capitals);
    expect(fromWire('SpLogin', 'SpAccount', capitals)).toMatchObject(ours);
    expect(toWire('OpService', 'SpAccount', ours)).toEqual(ours);
    expect(toWire('SpCdrUtil', 'CdrInfo', [{ spAccountId: 'a', appAccountId: 'b' }])).toMatchObject([
      { spAccountID: 'a', appAccountID: 'b' },
    ]);
    expect(toWire('OpCdrUtil', 'CdrInfo', { spAccountId: 'a', additionalProperties: [property] })).toMatchObject({
      spAccountId: 'a',
      additionalProperties: [{ Name: 'zone', Value: 'north' }],
    });
    expect(toWire('SpStatisticsUtil', 'StatisticTypeDescriptor', { transactionTypeId: 3 })).toMatchObject({
      transactionTypeID: 3,
    });
  });

  test('nothing stays nothing, and what is no bean of the service is a mistake', () => {
    for (const service of ['SpService', 'OpService']) {
      expect(toWire(service, 'SpAccount', undefined)).toBeUndefined();
      expect(fromWire(service, 'SpAccount', null)).toBeUndefined();
      expect(fromWire(service, 'SpAccount', [])).toEqual([]);
    }
    expect(() => toWire('SpCdrUtil', 'SpAccount', {})).toThrow('no type SpAccount in service SpCdrUtil');
  });

  test('levels are asked of operators, on their side alone', () => {
    for (const { side, operations } of services) {
      for (const { name, minUserLevel, anonymous } of operations.values()) {
        const wanted = side === 'op' && !anonymous;
        expect({ name, level: [0, 333, 666].includes(minUserLevel ?? -1) }).toEqual({ name, level: wanted });
      }
    }
  });
});
