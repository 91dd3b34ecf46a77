import fc from 'fast-check';
import { createConnecClient } from '../../../src/adapters/rest/maestrano/connec/client.js';
import { differences, fingerprint, fingerprints } from '../../../src/adapters/rest/maestrano/connec/fingerprint.js';
import { ownEntry, readId } from '../../../src/adapters/rest/maestrano/connec/ids.js';
import { isShallow, valueAt, withValueAt } from '../../../src/adapters/rest/maestrano/connec/paths.js';
import {
  collectionOf,
  foreignReferences,
  inwards,
  outwards,
  ownReferences,
} from '../../../src/adapters/rest/maestrano/connec/references.js';
import { createIds } from '../../../src/platform/ids.js';
import { testClock } from '../../support/clock.js';
import { type Entity, fakeConnec } from '../support/connec.js';

const source = { provider: 'mercator', realm: 'ins_1' };
const connec = (id: string) => ({ id, provider: 'connec', realm: 'org-1' });

describe('ids', () => {
  it.each([
    ['a text', 'e323', { connec: 'e323' }],
    ['an array of Connec! alone', [connec('e323')], { connec: 'e323' }],
    ['both', [{ id: '42', ...source }, connec('e323')], { connec: 'e323', own: '42' }],
    ['ours of another account', [{ id: '42', provider: 'mercator', realm: 'ins_2' }, connec('e')], { connec: 'e' }],
    ['somebody else’s', [{ id: '42', provider: 'xero', realm: 'ins_1' }], {}],
    ['nothing', undefined, {}],
    ['an empty list', [], {}],
    ['a number', 7, {}],
    ['an object', { id: '1' }, {}],
    ['entries that are none', [null, 'x'], {}],
    ['an id that is none', [{ id: 7, provider: 'connec' }], {}],
    ['an endless id', 'x'.repeat(201), {}],
    ['an empty one', '', {}],
  ])('%s is read', (_, value, expected) => {
    expect(readId(value, source)).toEqual(expected);
  });

  it('are written as our entry alone', () => {
    expect(ownEntry('42', source)).toEqual([{ id: '42', ...source }]);
  });
});

describe('references', () => {
  it.each([
    ['organization_id', 'organizations'],
    ['person_id', 'people'],
    ['contact_person_id', 'people'],
    ['company_id', 'company'],
    ['tax_code_id', 'tax_codes'],
    ['warehouse_id', 'warehouses'],
    ['opportunity_id', 'opportunities'],
    ['pay_id', 'pays'],
    ['branch_id', 'branches'],
    ['id', undefined],
    ['_id', undefined],
    ['idea', undefined],
  ])('%s names one of %s', (field, collection) => {
    expect(collectionOf(field)).toBe(collection);
  });

  const shared = (name: string) => ['organizations', 'items'].includes(name);
  const fields = new Map<string, unknown>([
    ['organization_id', [connec('o1')]],
    ['tax_code_id', [connec('t1')]],
    ['tax_number_id', 'ATU1'],
    [
      'lines',
      [{ id: [connec('l1')], item_id: 'i1', deep: { organization_id: [connec('o2'), { id: 'own', ...source }] } }],
    ],
  ]);

  it('are found wherever they stand, in both forms, among what is shared', () => {
    expect(foreignReferences(fields, source, shared)).toEqual([
      { collection: 'organizations', id: 'o1' },
      { collection: 'items', id: 'i1' },
    ]);
  });

  it('go in and out again', () => {
    const known = new Map([
      ['organizations/o1', 'ten_1'],
      ['items/i1', 'pot'],
    ]);
    const here = inwards(fields, source, shared, known);
    expect(Object.fromEntries(here)).toEqual({
      organization_id: 'ten_1',
      tax_code_id: 'connec:t1',
      tax_number_id: 'ATU1',
      lines: [{ id: 'connec:l1', item_id: 'pot', deep: { organization_id: 'own' } }],
    });
    expect(ownReferences(here, shared).map(({ id }) => id)).toEqual(['ten_1', 'pot', 'own']);
    const states = new Map([
      ['organizations/ten_1', 'told'],
      ['items/pot', 'absent'],
      ['organizations/own', 'strange'],
    ] as const);
    expect(Object.fromEntries(outwards(here, source, states))).toEqual({
      organization_id: ownEntry('ten_1', source),
      tax_code_id: 't1',
      tax_number_id: 'ATU1',
      lines: [{ id: 'l1', deep: { organization_id: 'own' } }],
    });
  });
});

describe('what differs', () => {
  it('is the same in any order, and nothing is like an empty text', () => {
    expect(fingerprint({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(fingerprint({ b: [{ d: 3, c: 2 }], a: 1 }));
    expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]));
    expect([fingerprint(''), fingerprint(null), fingerprint(undefined)]).toEqual(['', '', '']);
    expect(fingerprint(0)).not.toBe('');
  });

  it('is what is new, what changed and what is gone', () => {
    const known = fingerprints(
      new Map<string, unknown>([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ]),
    );
    expect(
      Object.fromEntries(
        differences(
          new Map<string, unknown>([
            ['a', 1],
            ['b', 5],
            ['d', 4],
            ['e', ''],
          ]),
          known,
        ),
      ),
    ).toEqual({
      b: 5,
      c: null,
      d: 4,
    });
  });

  it('is nothing once it is known', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const some = new Map(Object.entries(data));
        expect(differences(some, fingerprints(some)).size).toBe(0);
      }),
    );
  });
});

describe('paths', () => {
  it('lead to values and make entities, and never to the language itself', () => {
    expect(valueAt({ a: { b: [1] } }, 'a.b')).toEqual([1]);
    expect(valueAt({ a: 'text' }, 'a.length')).toBeUndefined();
    expect(valueAt({}, 'constructor.name')).toBeUndefined();
    expect(withValueAt({ a: { b: 1 }, z: 0 }, 'a.c', 2)).toEqual({ a: { b: 1, c: 2 }, z: 0 });
    const before: Entity = {};
    for (const path of ['__proto__.polluted', 'a.__proto__.polluted', 'constructor.prototype.polluted']) {
      const after = withValueAt(before, path, true);
      expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
      expect(({} as Entity).polluted).toBeUndefined();
      expect(Object.keys(after).filter((key) => key !== 'a')).toEqual([]);
    }
  });

  it('are not followed for ever', () => {
    expect(isShallow({ a: [{ b: 1 }] }, 3)).toBe(true);
    expect(isShallow({ a: [{ b: 1 }] }, 2)).toBe(false);
  });
});

describe('the client', () => {
  const place = { id: 'app-1', key: 'secret:with:colons', host: 'https://api.example', base: '/api/v1/' };
  const open = (host = 'https://connec.example') => {
    const server = fakeConnec({ host, ...{ id: place.id, key: place.key } });
    const ports = { fetch: server.fetch, record: () => {}, ids: createIds(testClock()) };
    const where = { api: place, connec: { host, basePath: '/api/v2', timeoutMs: 1_000 } };
    return { server, client: createConnecClient(ports, 'chn_1', where, 'cld-1') };
  };

  it('asks for the version, one record, and sends at most fifty at once', async () => {
    const { server, client } = open();
    expect(await client.version()).toMatchObject({ ci_branch: 'v1.1.x' });
    const stored = server.put('cld-1', 'people', { first_name: 'Ada' });
    const id = (stored.id as Entity[])[0]!.id as string;
    expect(await client.get('people', id)).toMatchObject({ first_name: 'Ada' });
    await expect(client.get('people', '..')).rejects.toMatchObject({ kind: 'refused' });
    await expect(client.get('people', '../../cld-2/people')).rejects.toMatchObject({ kind: 'missing' });
    expect(server.calls.at(-1)!.path).toBe('/api/v2/cld-1/people/..%2F..%2Fcld-2%2Fpeople');
    const one = { method: 'post', collection: 'people', entity: { first_name: 'G' } } as const;
    await expect(client.sendAll(Array.from({ length: 51 }, () => one))).rejects.toThrow('at most 50');
    expect(await client.sendAll([one, { ...one, method: 'put', id: 'nobody' }])).toMatchObject([
      { status: 201, entity: { first_name: 'G' } },
      { status: 404, entity: undefined, reason: 'Resource not found: no' },
    ]);
    expect(server.calls.at(-1)!.body).toMatchObject({
      sequential: true,
      ops: [
        { method: 'post', url: '/api/v2/cld-1/people/' },
        { method: 'put', url: '/api/v2/cld-1/people/nobody' },
      ],
    });
  });

  it.each([
    [400, 'refused'],
    [301, 'refused'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'missing'],
    [409, 'conflict'],
    [429, 'unanswered'],
    [500, 'unanswered'],
  ])('a %i is %s', async (status, kind) => {
    const { server, client } = open();
    server.trouble(() => status);
    await expect(client.get('people', '1')).rejects.toMatchObject({ kind });
  });

  it.each([
    ['no JSON', '<html>'],
    ['a list', '[]'],
    ['another record', '{"leads":{}}'],
  ])('an answer that is %s says nothing', async (_, answer) => {
    const { server, client } = open();
    server.put('cld-1', 'people', {});
    server.trouble(() => ({ answer }));
    await expect(client.send({ method: 'post', collection: 'people', entity: {} })).rejects.toMatchObject({
      kind: 'unanswered',
    });
  });
});
