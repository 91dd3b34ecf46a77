import { graphqlRequest, pick } from './requests.mjs';

const nestedText = `query Nested($id: ID!) {
  tenant(id: $id) {
    id name country createdAt state
    users(first: 20) { nodes { id displayName givenName familyName locale createdAt } }
    instances(first: 20) {
      nodes {
        id name createdAt state
        licenses(first: 20) { nodes { id assignedAt releasedAt } }
        subscription { id status startedAt interval price { amount currency } }
      }
    }
  }
}`;

const listText = `query List {
  tenants(first: 50) {
    nodes {
      id name kind country createdAt
      users { totalCount }
      instances { totalCount }
      licenses { totalCount }
    }
  }
}`;

const singleText = `query Single($id: ID!) {
  user(id: $id) { id version createdAt givenName familyName displayName locale }
}`;

const asJson = (text) => JSON.stringify(JSON.parse(text));

function read(name, title, query, goals, variablesOf) {
  return {
    name,
    title,
    variants: ['hub', 'ceiling'],
    goals,
    expects: '"data":{',
    sample: (world, { token }) => graphqlRequest(token, query, variablesOf(world)),
    comparable: asJson,
    requests:
      (world, { token }) =>
      () =>
        graphqlRequest(token, query, variablesOf(world, true)),
  };
}

export const nested = read(
  'nested',
  'GraphQL nested query: tenant, 20 users, 3 instances with licenses and subscription',
  nestedText,
  [{ to: 'ceiling', byCpu: 0.25 }],
  (world, random) => ({ id: (random ? pick(world.tenants) : world.tenants[3]).id }),
);

export const list = read('list', 'GraphQL list: 50 tenants with three counts', listText, [], () => undefined);

export const single = read('single', 'GraphQL single read: user by id', singleText, [], (world, random) => ({
  id: (random ? pick(pick(world.tenants).users) : world.tenants[3].users[2]).id,
}));

const createText = `mutation Create($input: CreateUserInput!) {
  createUser(input: $input) { user { id displayName version } }
}`;

const assignText = `mutation Assign($input: AssignLicenseInput!) {
  assignLicense(input: $input) { __typename ... on AssignLicenseSuccess { license { id version assignedAt } } }
}`;

/** A person with a place in a tenant, then their seat: two requests, each with its idempotency key. */
function pairs(world, token, tenantOf, keyOf) {
  let sent = 0;
  return (previous) => {
    const turn = sent++;
    const tenant = tenantOf(turn >> 1);
    const idempotencyKey = keyOf(turn);
    if (turn % 2 === 0) {
      const person = { givenName: 'Ada', familyName: `Number ${turn}`, locale: 'en' };
      const membership = { tenantId: tenant.id, roles: ['MEMBER'] };
      return graphqlRequest(token, createText, { input: { ...person, membership, idempotencyKey } });
    }
    const [userId] = /usr_[0-9a-z]{26}/.exec(previous);
    const input = { userId, tenantId: tenant.id, licenseTypeId: world.licenseTypeId, idempotencyKey };
    return graphqlRequest(token, assignText, { input });
  };
}

export const mutation = {
  name: 'mutation',
  title: 'GraphQL mutation: create a user in a tenant, then assign a license; each with an idempotency key',
  variants: ['hub', 'ceiling'],
  goals: [],
  expects: '"data":{',
  writes: true,
  batch: 2,
  sample: (world, { token, place, state }) => {
    state.next ??= pairs(
      world,
      token,
      () => world.tenants[10 + place],
      (count) => `sample-${place}-${count}`,
    );
    return state.next(state.previous);
  },
  comparable: (text) =>
    asJson(text)
      .replaceAll(/(usr|lic)_[0-9a-z]{26}/g, '$1')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'instant'),
  requests: (world, { token, index, connections, salt }) => {
    const own = world.tenants.filter((_, at) => at % connections === index);
    return pairs(
      world,
      token,
      (turn) => own[turn % own.length],
      (count) => `${salt}-${index}-${count}`,
    );
  },
};
