import { echoHandlers, envelope, necUri, type Served, serve } from './support.js';

/** Names of others under strictness: what reaches the handler, what is refused, what is written. */
let served: Served;
beforeAll(async () => {
  served = await serve(
    { operations: echoHandlers(), strict: true, elementAliases: { texte: 'text', customer: 'customerId' } },
    {
      operationAliases: { Echo: 'Ping', Make: 'CreateRealm' },
      elementAliases: {
        texte: 'text',
        item: 'LicenceItem',
        licenses: 'licences',
        '{urn:other}quantity': 'quantity',
        requestId: 'realmId',
      },
    },
  );
});
afterAll(() => served.close());
beforeEach(() => served.calls.splice(0));

const send = (content: string) => served.send(envelope(content));
const lastInput = (): unknown => JSON.parse(JSON.stringify(served.calls.at(-1)?.input ?? null));

test.each([
  ['of an operation', `<Echo xmlns="${necUri}"><text>a</text></Echo>`, { text: 'a' }],
  ['with a prefix, in one tag', `<x:Echo xmlns:x="${necUri}" />`, {}],
  ['of a field', `<Ping xmlns="${necUri}"><texte>a</texte ></Ping>`, { text: 'a' }],
  ['empty, in one tag and in two', `<Ping xmlns="${necUri}"><texte/></Ping>`, { text: '' }],
  [
    'like their own content',
    `<Ping xmlns="${necUri}"><texte>&lt;/texte&gt;<![CDATA[</texte>]]></texte></Ping>`,
    { text: '</texte></texte>' },
  ],
  [
    'inside of one another, and in another namespace',
    `<p:Make xmlns:p="${necUri}" xmlns:q="urn:other"><p:realmId>R</p:realmId><p:licenses><p:item><p:licenceCode>PRO</p:licenceCode>` +
      '<q:quantity xmlns:p="urn:p">3</q:quantity></p:item><p:item/></p:licenses></p:Make>',
    { realmId: 'R', licences: [{ licenceCode: 'PRO', quantity: 3 }, {}] },
  ],
  [
    'never instead of a name of the WSDL',
    `<CreateRealm xmlns="${necUri}"><requestId>1</requestId></CreateRealm>`,
    { requestId: '1' },
  ],
])('names %s', async (_, content, input) => {
  const reply = await send(content);
  expect({ status: reply.status, input: lastInput() }).toEqual({ status: 200, input });
});

test.each([
  ['unknown', `<Ping xmlns="${necUri}"><texts>a</texts></Ping>`],
  [
    'of the service, where the channel has its own',
    `<CreateRealm xmlns="${necUri}"><customer>C</customer></CreateRealm>`,
  ],
  ['twice, once in each spelling', `<Ping xmlns="${necUri}"><texte>a</texte><text>b</text></Ping>`],
  ['in the wrong namespace', `<Ping xmlns="${necUri}"><texte xmlns="urn:other">a</texte></Ping>`],
  ['with a bad value', `<Make xmlns="${necUri}"><licenses><item><quantity>many</quantity></item></licenses></Make>`],
])('names that are %s are refused', async (_, content) => {
  const reply = await send(content);
  expect(reply.text).toContain('Request format is invalid:');
  expect(served.calls).toEqual([]);
});

test('an answer has the name that was called, and the names of the WSDL in it', async () => {
  const reply = await send(`<Echo xmlns="${necUri}"><texte>a</texte></Echo>`);
  expect(reply.text).toContain(`<EchoResponse xmlns="${necUri}"><EchoResult>`);
  expect(reply.text).toContain('<text>a</text>');
});
