import { readFile } from 'node:fs/promises';
import { renderProblem } from '../../src/adapters/cli/seed/document.js';
import { parseSeed, seedError } from '../../src/adapters/cli/seed/parse.js';
import { channelSettings } from './support.js';

const problemsOf = (text: string) => parseSeed(text, 'f.yaml', channelSettings).problems.map(renderProblem);

describe('reading a seed file', () => {
  it('finds nothing wrong with the example, and nothing outside it', async () => {
    const parsed = parseSeed(await readFile('hub.example.yaml', 'utf8'), 'hub.example.yaml', channelSettings);
    expect(parsed.problems).toEqual([]);
    expect(parsed.outside).toEqual([]);
  });

  it('accepts an empty file', () => {
    expect(problemsOf('')).toEqual([]);
    expect(problemsOf('operators:\n')).toEqual([]);
  });

  it('names every problem with its line and column', () => {
    expect(
      problemsOf(`operators:
  - { email: a@b.example, level: BOSS }
channels:
  - { name: c, protocol: nec, colour: red, settings: { mkpVersion: "4.9", shoes: 1 } }
  - { protocol: nec }
tenants:
  - key: t
    name: T
    kind: shop
    pools: [{ application: x, licenseType: y, quantity: many }]
cats: []
`),
    ).toEqual([
      'f.yaml:2:34: level: must be one of NONE, READ_ONLY, READ_WRITE, ADMINISTRATOR',
      'f.yaml:4:31: unknown key "colour"',
      'f.yaml:5:5: name is missing',
      'f.yaml:9:11: kind: must be one of provider, reseller, customer, group',
      'f.yaml:10:57: quantity: must be number, not string',
      expect.stringMatching(/^f.yaml:11:1: unknown key "cats"; there are operators, channels/),
    ]);
  });

  it("checks a channel's settings with the protocol's own schema", () => {
    const problems = problemsOf('channels:\n  - { name: c, protocol: nec, settings: { shoes: 1 } }\n');
    expect(problems).toEqual(['f.yaml:2:43: unknown key "shoes"']);
  });

  it('finds references nobody declares, also beside other problems', () => {
    const parsed = parseSeed(
      `serviceAccounts:
  - { channel: nowhere, username: u, password: "1234567890" }
instances:
  - { key: i, tenant: t, application: crm, plan: gold }
applications:
  - { key: crm, name: CRM, wrong: 1 }
`,
      'f.yaml',
      channelSettings,
    );
    expect(parsed.outside.map(({ kind, name }) => [kind, name])).toEqual([
      ['channel', 'nowhere'],
      ['tenant', 't'],
      ['plan', 'gold'],
    ]);
    expect(parsed.problems).toHaveLength(1);
  });

  it('finds what is there twice, and a tenant below itself', () => {
    expect(
      problemsOf(`channels:
  - { name: c, protocol: nec }
  - { name: c, protocol: prm }
tenants:
  - { key: a, name: A, kind: reseller, parent: b }
  - { key: b, name: B, kind: reseller, parent: a, externalId: x }
`),
    ).toEqual([
      'f.yaml:3:13: channel "c" is there twice',
      'f.yaml:5:48: tenant "a" would be below itself',
      'f.yaml:6:48: tenant "b" would be below itself',
      'f.yaml:6:63: externalId needs the channel whose id it is',
    ]);
  });

  it('refuses a key twice, broken YAML and alias bombs with a line', () => {
    expect(problemsOf('operators: []\noperators: []\n')[0]).toMatch(/^f.yaml:2:1: /);
    expect(problemsOf('operators: [\n')[0]).toMatch(/^f.yaml:2:1: /);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n`;
    expect(problemsOf(bomb)[0]).toMatch(/^f.yaml:1:1: .*alias/);
  });

  it('keeps __proto__ a key like any other unknown one', () => {
    expect(problemsOf('operators:\n  - { __proto__: { level: ADMINISTRATOR }, email: a@b.example }\n')).toEqual([
      'f.yaml:2:5: level is missing',
      'f.yaml:2:7: unknown key "__proto__"',
    ]);
  });

  it('refuses two passwords for one person, bad addresses and clients that could not work', () => {
    expect(
      problemsOf(`operators:
  - { email: a@b.example, password: "1234567890", level: NONE }
tenants:
  - { key: t, name: T, kind: customer, users: [{ email: A@b.example, password: "0987654321" }] }
serviceAccounts:
  - { channel: c, username: u, password: "1234567890", addresses: ["10.0.0.0/99"] }
clients:
  - { clientId: m, grantTypes: [client_credentials], scopes: [hub.read] }
`),
    ).toEqual([
      expect.stringContaining('f.yaml:4:80: "A@b.example" has another password elsewhere in the file'),
      expect.stringContaining('f.yaml:6:68: "10.0.0.0/99" is neither an IP address nor a CIDR block'),
      'f.yaml:8:5: a client_credentials client needs either level or tenant',
    ]);
  });

  it('tells the problems in the order of the file', () => {
    const { problems } = parseSeed(
      'channels:\n  - { name: c, protocol: x }\n  - { name: c2 }\ncats: 1\n',
      'f.yaml',
      channelSettings,
    );
    const error = seedError('f.yaml', [...problems].reverse());
    expect(error.problems.map((p) => p.split(':')[1])).toEqual(['2', '3', '4']);
    expect(error.message).toBe('f.yaml has 3 problems; nothing was applied.');
  });
});
