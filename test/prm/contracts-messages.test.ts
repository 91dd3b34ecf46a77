import { loadWsdl, parseXml, readWsdl } from '../../src/adapters/soap/kit/index.js';
import { defaultLimits } from '../../src/adapters/soap/kit/limits.js';
import { lazyValidator } from '../../src/adapters/soap/kit/validate.js';
import { prmSettings } from '../../src/adapters/soap/prm/config.js';
import type { Reply } from '../soap-kit/support.js';
import { type ServedContracts, type ServeOptions, serveContracts } from './support/contracts.js';

const soapUri = 'http://schemas.xmlsoap.org/soap/envelope/';
const spUri = 'urn:prm:4.0:SpService';
const spPath = '/prm_sp/services/SpService';
const opPath = '/prm_op/services/OpService';
const cdrPath = '/prm_op/services/OpCdrUtil';
const uris = {
  [spPath]: spUri,
  [opPath]: 'urn:prm:4.0:OpService',
  [cdrPath]: 'urn:prm:4.0:OpCdrUtil',
};

let served: ServedContracts;
beforeAll(async () => {
  served = await serveContracts();
});
afterAll(() => served.close());

/** An operation with the prefixes m (operations), t (types) and xsi. */
function message(operation: string, content: string, uri: string, typesUri = `${uri}:types`): string {
  return (
    `<e:Envelope xmlns:e="${soapUri}"><e:Body><m:${operation} xmlns:m="${uri}" xmlns:t="${typesUri}" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${content}</m:${operation}></e:Body></e:Envelope>`
  );
}

const ask = (path: keyof typeof uris, operation: string, content: string, at = served): Promise<Reply> =>
  at.send(path, message(operation, content, uris[path]));

async function withServed(options: ServeOptions, test: (own: ServedContracts) => Promise<void>): Promise<void> {
  const own = await serveContracts(options);
  try {
    await test(own);
  } finally {
    await own.close();
  }
}

const id = '<m:appAccountId>crm</m:appAccountId>';
const filters = '<m:startIndex>0</m:startIndex><m:maxEntries>10</m:maxEntries>';

describe('a message that breaks the schema', () => {
  const valid = lazyValidator(readWsdl(loadWsdl('prm/SpService.wsdl')));

  test.each([
    ['a required element is missing', spPath, 'getAppAccount', ''],
    ['an unknown element', spPath, 'getAppAccount', `${id}<m:more>x</m:more>`],
    ['an element of an operation without input', spPath, 'getSpAccount', id],
    ['an element twice', spPath, 'getAppAccount', id + id],
    ['elements in another order', spPath, 'listAppInstGroups', `<m:state>ACTIVE</m:state>${id}`],
    ['an element of no namespace', spPath, 'getAppAccount', '<appAccountId>crm</appAccountId>'],
    ['an element of the types', spPath, 'getAppAccount', '<t:appAccountId>crm</t:appAccountId>'],
    ['an unknown state', spPath, 'listAppAccounts', '<m:state>BANANA</m:state>'],
    ['a state in small letters', spPath, 'listAppAccounts', '<m:state>active</m:state>'],
    ['no number', cdrPath, 'listCdrs', '<m:startIndex>first</m:startIndex><m:maxEntries>10</m:maxEntries>'],
    [
      'a number too large',
      cdrPath,
      'listCdrs',
      '<m:startIndex>0</m:startIndex><m:maxEntries>2147483648</m:maxEntries>',
    ],
    ['a long too large', cdrPath, 'listCdrs', `<m:startIndex>9223372036854775808</m:startIndex>${filters.slice(29)}`],
    ['no date', cdrPath, 'countCdrs', '<m:fromDate>yesterday</m:fromDate>'],
    ['a day that is none', cdrPath, 'countCdrs', '<m:fromDate>2026-02-30T00:00:00Z</m:fromDate>'],
    ['a year nobody can store', cdrPath, 'countCdrs', '<m:fromDate>12026-01-01T00:00:00Z</m:fromDate>'],
    ['nil where nothing may be nil', spPath, 'getAppAccount', '<m:appAccountId xsi:nil="true"/>'],
    ['another spelling of a field', spPath, 'updateSpAccountReq', '<m:spAccount><t:name>x</t:name></m:spAccount>'],
    ['a bean without its bean', spPath, 'updateSpAccountReq', '<m:spAccount>Acme</m:spAccount>'],
    ['an attribute nobody knows', spPath, 'getAppAccount', '<m:appAccountId lang="en">crm</m:appAccountId>'],
  ] as const)('%s: Client, CommonException, nothing done', async (_, path, operation, content) => {
    served.calls.splice(0);
    const reply = await ask(path, operation, content);
    expect(reply.status).toBe(500);
    const [code, text, detail] = parseXml(reply.text, defaultLimits).children[0]!.children[0]!.children;
    expect(code!.text).toBe('soap:Client');
    const [exception] = detail!.children;
    expect({ uri: exception!.uri, local: exception!.local }).toEqual({
      uri: `${uris[path]}:types`,
      local: 'CommonException',
    });
    expect(exception!.children[0]!.text).toBe(text!.text);
    expect(text!.text).not.toBe('');
    expect(served.calls).toEqual([]);
  });

  test('its detail is valid itself', async () => {
    const reply = await ask(spPath, 'getAppAccount', '<m:more>&lt;x&gt;</m:more>');
    const detail = /<detail>(.*)<\/detail>/s.exec(reply.text)![1];
    expect((await valid())(`<e:Envelope xmlns:e="${soapUri}"><e:Body>${detail}</e:Body></e:Envelope>`)).toBeNull();
  });

  test('in SOAP 1.2 as well, and an unknown operation is no operation', async () => {
    const uri = 'http://www.w3.org/2003/05/soap-envelope';
    const body = message('getAppAccount', '', spUri).replace(soapUri, uri);
    const reply = await served.send(spPath, body, 'POST', { 'content-type': 'application/soap+xml; charset=utf-8' });
    expect(reply.text).toMatch(
      /<soap:Value>soap:Sender<.*<soap:Detail><CommonException xmlns="urn:prm:4.0:SpService:types">/,
    );
    for (const unknown of ['getBanana', '__proto__', 'getSpAccountResponse']) {
      expect((await ask(spPath, unknown, '')).text).toContain('<faultcode>soap:Client</faultcode>');
    }
  });
});

describe('a message that fits', () => {
  const seen = (at = served): unknown => at.calls.at(-1)?.input;

  test('nil and missing are the same', async () => {
    const given = { startIndex: '0', maxEntries: 10 };
    const nils = ['serviceName', 'fromDate', 'toDate', 'completionStatus', 'spAccountId', 'appAccountId'];
    for (const content of [filters, nils.map((name) => `<m:${name} xsi:nil="true"/>`).join('') + filters]) {
      expect((await ask(cdrPath, 'listCdrs', content)).status).toBe(200);
      expect(seen()).toEqual(given);
    }
    await ask(
      spPath,
      'updateSpAccountReq',
      '<m:spAccount><t:Name xsi:nil="1"/><t:Properties xsi:nil="true"/></m:spAccount>',
    );
    expect(seen()).toEqual({ spAccount: {} });
    await ask(spPath, 'updateSpAccountReq', '<m:spAccount/>');
    expect(seen()).toEqual({ spAccount: {} });
  });

  test('an empty text is a text, a zone is understood, blanks around a number do not matter', async () => {
    await ask(spPath, 'getAppAccount', '<m:appAccountId/>');
    expect(seen()).toEqual({ appAccountId: '' });
    const from = '<m:fromDate>2026-11-21T09:00:00+01:00</m:fromDate>';
    await ask(cdrPath, 'listCdrs', `${from}<m:startIndex> 5 </m:startIndex><m:maxEntries>10</m:maxEntries>`);
    expect(seen()).toEqual({ fromDate: '2026-11-21T08:00:00.000Z', startIndex: '5', maxEntries: 10 });
  });

  test('properties again and again; their items in the namespace of the operations, or of the types', async () => {
    const properties = [{ name: 'a', value: '1' }, { name: 'a', value: '2' }, { name: 'b' }];
    for (const prefix of ['m', 't']) {
      const items = properties.map(
        ({ name, value }) =>
          `<${prefix}:item ><t:Name>${name}</t:Name>${value ? `<t:Value>${value}</t:Value>` : ''}</${prefix}:item >`,
      );
      const content = `<m:spAccount><t:Properties>${items.join('')}</t:Properties></m:spAccount>`;
      expect((await ask(spPath, 'updateSpAccountReq', content)).status).toBe(200);
      expect(seen()).toEqual({ spAccount: { properties } });
    }
    await ask(spPath, 'updateSpAccountReq', '<m:spAccount><t:Properties><t:item/></t:Properties></m:spAccount>');
    expect(seen()).toEqual({ spAccount: { properties: [{}] } });
  });

  test('the group of a move in both spellings, the misprint of an address', async () => {
    for (const name of ['SpGroupId', 'spGroupId']) {
      const content = `<m:spAccountId>acme</m:spAccountId><m:${name}>gold</m:${name}>`;
      expect((await ask(opPath, 'moveSpToGroup', content)).status).toBe(200);
      expect(seen()).toEqual({ spAccountId: 'acme', SpGroupId: 'gold' });
    }
    await ask(
      spPath,
      'updateSpAccountReq',
      '<m:spAccount><t:EEmailAddress>a@b.example</t:EEmailAddress></m:spAccount>',
    );
    expect(seen()).toEqual({ spAccount: { eMailAddress: 'a@b.example' } });
  });

  test('lenient: the spelling of the other chapters is read, never written', async () => {
    await withServed({ lenient: true }, async (own) => {
      const bean = '<t:name>Acme</t:name><t:Address/><t:properties><m:item><t:name>a</t:name></m:item></t:properties>';
      expect((await ask(spPath, 'updateSpAccountReq', `<m:spAccount>${bean}</m:spAccount>`, own)).status).toBe(200);
      expect(seen(own)).toEqual({ spAccount: { name: 'Acme', address: '', properties: [{ name: 'a' }] } });
      const account = '<m:spAccount><t:Name>Acme</t:Name><t:PhoneNumber>1</t:PhoneNumber></m:spAccount>';
      await ask(opPath, 'updateSpAccount', `<m:spAccountID>acme</m:spAccountID>${account}`, own);
      expect(seen(own)).toEqual({ spAccountId: 'acme', spAccount: { name: 'Acme', phoneNumber: '1' } });
      const both = '<m:spAccount><t:name>one</t:name><t:Name>two</t:Name></m:spAccount>';
      expect((await ask(spPath, 'updateSpAccountReq', both, own)).text).toContain('CommonException');
      const reply = await ask(spPath, 'getSpAccount', '', own);
      expect(reply.text).toContain('<EMailAddress xmlns=');
      expect(reply.text).toBe((await ask(spPath, 'getSpAccount', '')).text);
      expect(own.problems).toEqual([]);
    });
  });
});

describe('namespaces of a site', () => {
  const sp = 'http://prm.example.com/sp';
  const beans = 'http://beans.prm.example.com';
  const property = `<t:Properties><m:item><t:Name>a</t:Name></m:item></t:Properties>`;
  const update = (uri: string, types?: string): string =>
    message('updateSpAccountReq', `<m:spAccount>${property}</m:spAccount>`, uri, types);

  test('are served, read and written; the types follow unless they are named', async () => {
    for (const [namespaces, types] of [
      [{ SpService: sp }, `${sp}:types`],
      [{ SpService: sp, 'SpService:types': beans }, beans],
    ] as const) {
      await withServed({ namespaces }, async (own) => {
        const { text } = await own.send(`${spPath}?wsdl`, '', 'GET');
        expect(text).not.toContain('urn:prm:4.0');
        expect(text).toContain(`<soap:address location="${own.base}${spPath}"/>`);
        expect(readWsdl(text).schemas.map(({ namespace }) => namespace)).toEqual([types, sp]);
        expect((await own.send(spPath, update(sp, types))).text).toContain(`<updateSpAccountReqResponse xmlns="${sp}"`);
        expect(own.calls.at(-1)?.input).toEqual({ spAccount: { properties: [{ name: 'a' }] } });
        const reply = await own.send(spPath, message('getSpAccount', '', sp));
        expect(reply.text).toContain(`<getSpAccountReturn><Name xmlns="${types}">`);
        expect(reply.text).toContain(`<Properties xmlns="${types}"><item xmlns="${sp}"><Name xmlns="${types}">`);
        const refused = await own.send(spPath, message('getAppAccount', '', sp));
        expect(refused.text).toContain(`<detail><CommonException xmlns="${types}">`);
        expect((await own.send(spPath, update(spUri))).status).toBe(500);
        expect((await ask(opPath, 'getUserLevel', '', own)).status).toBe(200);
        expect(own.problems).toEqual([]);
      });
    }
  });

  test('of the types alone', async () => {
    await withServed({ namespaces: { 'SpService:types': beans } }, async (own) => {
      expect((await own.send(spPath, update(spUri, beans))).status).toBe(200);
      expect((await own.send(spPath, update(spUri))).status).toBe(500);
    });
  });

  test.each([
    [{ SpStatUtil: sp }, /SpStatUtil.*is none of SpLogin, SpService/s],
    [{ SpService: 'prm' }, /must be an absolute URI/],
    [{ SpService: 'urn:a b' }, /must be an absolute URI/],
    [{ SpService: 'http://prm.example.com' }, /SpService:types.*must be given/s],
    [{ 'SpService:types': 'urn:a%zz' }, /SpService:types.*must be given/s],
    [{ SpService: sp, 'SpService:types': sp }, /must differ from the namespace of the operations/],
  ])('%j is refused when it is configured', (namespaces, problem) => {
    expect(() => prmSettings.parse({ namespaces })).toThrow(problem);
    expect(prmSettings.parse({ namespaces: { SpService: sp, 'OpLogin:types': beans } }).namespaces).toEqual({
      SpService: sp,
      'OpLogin:types': beans,
    });
  });
});
