import { kakapoSettings } from '../../../src/adapters/soap/kakapo/config.js';

const refused = (settings: unknown): readonly string[] =>
  kakapoSettings.safeParse(settings).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];

describe('settings of a channel', () => {
  it('have defaults', () => {
    expect(kakapoSettings.parse({})).toEqual({ getBinding: true, helpPages: true, operationAliases: {} });
  });

  it('name operations there are, by names of their own', () => {
    expect(refused({ operationAliases: { MakeGroup: 'AddGroup' } })).toEqual([]);
    expect(refused({ operationAliases: { MakeGroup: 'Nope', AddUser: 'AddGroup', 'a b': 'AddGroup' } })).toEqual([
      'operationAliases.MakeGroup there is no operation Nope',
      'operationAliases.AddUser is an operation itself',
      'operationAliases.a b is no name of an operation',
    ]);
  });

  it('have a URI for a namespace, and nothing else that is not known', () => {
    for (const namespace of ['urn:site', 'http://kakaposystems.com/', 'http://x.example/a%20b'])
      expect(refused({ namespace })).toEqual([]);
    for (const namespace of ['', 'site', 'http://x.example/<b>', 'urn:a b'])
      expect(refused({ namespace })).toEqual(['namespace must be an absolute URI']);
    expect(refused({ colour: 'red' })).toHaveLength(1);
  });
});
