import { readFileSync } from 'node:fs';
import { operations } from '../../../src/adapters/soap/kakapo/contract/index.js';
import { checkFormAnswer } from '../../../src/adapters/soap/kakapo/host/check-form-answer.js';
import { committedWsdl } from '../../../src/adapters/soap/kakapo/host/committed-wsdl.js';
import { writeFormAnswer } from '../../../src/adapters/soap/kakapo/host/form-answer.js';
import {
  defaultLimits,
  lazyValidator,
  parseXml,
  readWsdl,
  type XmlElement,
} from '../../../src/adapters/soap/kit/index.js';
import { type KakapoHub, openKakapoHub, servicePath } from '../support/hub.js';

const wsdlLimits = { ...defaultLimits, elements: 200_000 };
const names = operations.map(({ name }) => name);

let hub: KakapoHub;
beforeAll(async () => {
  const settings = { getBinding: false, helpPages: false, namespace: 'urn:site/' };
  hub = await openKakapoHub('sqlite', { channels: { closed: settings } });
});
afterAll(() => hub.close());

const wsdlOf = async (channel?: string): Promise<string> => (await fetch(`${hub.url(channel)}?WSDL`)).text();
const read = (text: string): XmlElement => parseXml(text, wsdlLimits);
const attributeOf = ({ attributes }: XmlElement, name: string): string | undefined =>
  attributes.find(({ local, prefix }) => local === name && prefix === '')?.value;

describe('the description', () => {
  it('is committed as it is made from the contract', () => {
    expect(readFileSync('wsdl/kakapo/ProvisionV3.wsdl', 'utf8')).toBe(committedWsdl());
  });

  it('is served at the address it was asked at, in any case of the word', async () => {
    for (const query of ['WSDL', 'wsdl', 'Wsdl', 'wsdl=']) {
      const response = await fetch(`${hub.url()}?${query}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
      const expected = committedWsdl().replaceAll(`http://localhost${servicePath}`, hub.url());
      expect(await response.text()).toBe(expected);
    }
  });

  it('names the address below /channels to who asks there', async () => {
    const addresses = [...(await wsdlOf('unity')).matchAll(/address location="([^"]*)"/g)].map(([, at]) => at);
    expect(addresses).toEqual(Array(4).fill(hub.url('unity')));
  });

  it('declares the prefixes in their order', () => {
    const [root] = /<wsdl:definitions [^>]*>/.exec(committedWsdl()) ?? [''];
    const prefixes = [...root.matchAll(/xmlns:(\w+)=/g)].map(([, prefix]) => prefix);
    expect(prefixes).toEqual(['s', 'soap12', 'http', 'mime', 'tns', 'soap', 'tm', 'soapenc', 'wsdl']);
    expect(root).toContain('targetNamespace="http://kakaposystems.com"');
  });

  it('has its parts in their order, each operation in all of them', () => {
    const parts = read(committedWsdl()).children;
    const named = parts.filter(({ local }) => local !== 'message').map((p) => [p.local, attributeOf(p, 'name')]);
    expect(named).toEqual([
      ['types', undefined],
      ['portType', 'ProvisionV3Soap'],
      ['portType', 'ProvisionV3HttpGet'],
      ['portType', 'ProvisionV3HttpPost'],
      ['binding', 'ProvisionV3Soap'],
      ['binding', 'ProvisionV3Soap12'],
      ['binding', 'ProvisionV3HttpGet'],
      ['binding', 'ProvisionV3HttpPost'],
      ['service', 'ProvisionV3'],
    ]);
    const messages = parts.filter(({ local }) => local === 'message').map((part) => attributeOf(part, 'name'));
    const pairs = (suffix: string): string[] => names.flatMap((name) => [`${name}${suffix}In`, `${name}${suffix}Out`]);
    expect(messages).toEqual([...pairs('Soap'), ...pairs('HttpGet'), ...pairs('HttpPost')]);
    for (const part of parts.filter(({ local }) => local === 'portType' || local === 'binding')) {
      const found = part.children.filter(({ local, prefix }) => local === 'operation' && prefix === 'wsdl');
      expect(found.map((operation) => attributeOf(operation, 'name'))).toEqual(names);
    }
    const service = parts.at(-1)!;
    expect(service.children.map((port) => [attributeOf(port, 'name'), attributeOf(port, 'binding')])).toEqual(
      ['Soap', 'Soap12', 'HttpGet', 'HttpPost'].map((s) => [`ProvisionV3${s}`, `tns:ProvisionV3${s}`]),
    );
  });

  it('describes an operation as ASP.NET does', () => {
    const text = committedWsdl();
    for (const piece of [
      `<wsdl:message name="DeleteUserLicensesHttpGetIn">
    <wsdl:part name="loginUserName" type="s:string" />
    <wsdl:part name="loginPassword" type="s:string" />
    <wsdl:part name="serverHostName" type="s:string" />
    <wsdl:part name="resellerId" type="s:string" />
    <wsdl:part name="groupId" type="s:string" />
    <wsdl:part name="broadworksUserId" type="s:string" />
  </wsdl:message>`,
      `<wsdl:message name="GetUserLicensesHttpPostOut">
    <wsdl:part name="Body" element="tns:UserLicensesResponse" />
  </wsdl:message>`,
      `<wsdl:operation name="DeleteUserLicenses">
      <wsdl:documentation>Unassign all licenses of a user.</wsdl:documentation>
      <wsdl:input message="tns:DeleteUserLicensesSoapIn" />
      <wsdl:output message="tns:DeleteUserLicensesSoapOut" />
    </wsdl:operation>`,
      `<wsdl:binding name="ProvisionV3Soap12" type="tns:ProvisionV3Soap">
    <soap12:binding transport="http://schemas.xmlsoap.org/soap/http" />
    <wsdl:operation name="AddGroup">
      <soap12:operation soapAction="http://kakaposystems.com/AddGroup" style="document" />
      <wsdl:input>
        <soap12:body use="literal" />
      </wsdl:input>
      <wsdl:output>
        <soap12:body use="literal" />
      </wsdl:output>
    </wsdl:operation>`,
      `<http:binding verb="GET" />
    <wsdl:operation name="AddGroup">
      <http:operation location="/AddGroup" />
      <wsdl:input>
        <http:urlEncoded />
      </wsdl:input>
      <wsdl:output>
        <mime:mimeXml part="Body" />
      </wsdl:output>
    </wsdl:operation>`,
      `<wsdl:input>
        <mime:content type="application/x-www-form-urlencoded" />
      </wsdl:input>`,
      `<s:element minOccurs="1" maxOccurs="1" name="quantity" type="s:int" />`,
      `<s:complexType name="UserLicensesResponse">
        <s:complexContent mixed="false">
          <s:extension base="tns:ProvisionResponse">
            <s:sequence>
              <s:element minOccurs="0" maxOccurs="1" name="licenses" type="tns:ArrayOfUserLicense" />
            </s:sequence>
          </s:extension>
        </s:complexContent>
      </s:complexType>`,
    ]) {
      expect(text).toContain(piece);
    }
  });

  it('has a schema libraries can compile, with strings optional and values not', async () => {
    const description = readWsdl(committedWsdl());
    expect(description.schemas).toHaveLength(1);
    expect(description.elements.get('GetUserLicensesResponse')).toBeDefined();
    for (const { name, parameters } of operations) {
      const type = description.elements.get(name)!.type;
      const fields = type.kind === 'complex' ? type.fields : [];
      expect(fields.map((field) => [field.name, field.required])).toEqual(
        parameters.map((parameter) => [parameter.name, parameter.type !== 'string']),
      );
    }
    const validate = await lazyValidator(description)();
    const inBody = (xml: string): string => `<e:Envelope xmlns:e="urn:e"><e:Body>${xml}</e:Body></e:Envelope>`;
    const answer = (content: string): string =>
      inBody(`<UserLicensesResponse xmlns="http://kakaposystems.com">${content}</UserLicensesResponse>`);
    expect(validate(answer('<success>true</success><licenses />'))).toBeNull();
    expect(validate(answer('<licenses /><success>true</success>'))).not.toBeNull();
  });

  it('is what answers of forms are checked against', async () => {
    const check = checkFormAnswer(readWsdl(committedWsdl()));
    const ns = 'http://kakaposystems.com';
    const { answer } = operations.find(({ name }) => name === 'GetResellers')!;
    const written = (resellers: readonly object[]): string => writeFormAnswer(answer, { success: true, resellers }, ns);
    await expect(check(written([{ resellerId: 'a' }]))).resolves.toBeUndefined();
    await expect(check(written([{ resellerId: 'a' }]).replace('true', 'yes'))).rejects.toThrow('breaks its schema');
    await expect(check(written([]).replaceAll('ResellersResponse', 'Nope'))).rejects.toThrow('breaks its schema');
  });

  it('leaves out the GET binding where it is off, and has the namespace of the channel', async () => {
    const text = await wsdlOf('closed');
    expect(text).not.toContain('HttpGet');
    expect(text).not.toContain('kakaposystems');
    expect(text).toContain('targetNamespace="urn:site/"');
    expect(text).toContain('soapAction="urn:site/AddGroup"');
    expect(text).toContain('ProvisionV3HttpPost');
  });
});

describe('discovery', () => {
  it('says where the description and the SOAP bindings are', async () => {
    const response = await fetch(`${hub.url()}?disco`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
    const at = hub.url();
    expect(await response.text()).toBe(
      `<?xml version="1.0" encoding="utf-8"?>
<discovery xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.xmlsoap.org/disco/">
  <contractRef ref="${at}?wsdl" docRef="${at}" xmlns="http://schemas.xmlsoap.org/disco/scl/" />
  <soap address="${at}" xmlns:q1="http://kakaposystems.com" binding="q1:ProvisionV3Soap" xmlns="http://schemas.xmlsoap.org/disco/soap/" />
  <soap address="${at}" xmlns:q2="http://kakaposystems.com" binding="q2:ProvisionV3Soap12" xmlns="http://schemas.xmlsoap.org/disco/soap/" />
</discovery>
`,
    );
  });

  it('has no partial documents', async () => {
    for (const [query, text] of [
      ['schema=id', 'The requested schema was not found.\r\n'],
      ['wsdl=id', 'The requested service description was not found.\r\n'],
    ]) {
      const response = await fetch(`${hub.url()}?${query}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([500, 'text/plain; charset=utf-8']);
      expect(await response.text()).toBe(text);
    }
  });

  it('is there without pages too', async () => {
    for (const query of ['WSDL', 'disco']) expect((await fetch(`${hub.url('closed')}?${query}`)).status).toBe(200);
    for (const query of ['', '?op=AddGroup', '?anything']) {
      expect((await fetch(`${hub.url('closed')}${query}`)).status).toBe(404);
    }
  });
});
