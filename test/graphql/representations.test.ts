import { execute, parse } from 'graphql';
import { buildMercatorSubgraph } from '../../src/adapters/graphql/mercator.js';
import { DomainError } from '../../src/core/shared/errors.js';

const document = parse('query($r: [_Any!]!) { _entities(representations: $r) { __typename } }');

const { schema } = await buildMercatorSubgraph();

describe('representations that no other subgraph sends', () => {
  it.each([
    ['a type there is not', { __typename: 'Planet', id: 'x' }],
    ['a member of every object', { __typename: 'constructor' }],
    ['__proto__', JSON.parse('{ "__typename": "__proto__" }')],
    ['a type that is no entity', { __typename: 'Membership', id: 'mbr_1', roles: ['OWNER'] }],
    ['an interface, which would take the caller at their word', { __typename: 'Node', id: 'mbr_1' }],
    ['no type', { id: 'ten_1' }],
    ['a type that is no text', { __typename: ['Tenant'] }],
    ['no object', 'Tenant'],
  ])('are refused as invalid, not as a failure of ours: %s', async (_, representation) => {
    const { data, errors } = await execute({ schema, document, variableValues: { r: [representation] } });
    expect(data).toBeNull();
    expect(errors?.[0]?.originalError).toBeInstanceOf(DomainError);
    expect(errors?.[0]?.originalError).toMatchObject({ kind: 'invalid' });
  });
});
