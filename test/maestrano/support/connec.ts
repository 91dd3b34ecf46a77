import { randomUUID } from 'node:crypto';

/** An entity as it goes over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: records of many shapes, looked at by the assertions
export type Entity = Record<string, any>;

export interface ConnecCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes
  readonly body: any;
}

/**
 * `lost`: it is done, and nobody hears of it. `down`: nobody answers. A number: that status without doing anything. A text: done, and
 * that text is the answer.
 */
export type Trouble = 'lost' | 'down' | number | { readonly answer: string };

export interface FakeConnec {
  readonly host: string;
  readonly fetch: typeof globalThis.fetch;
  readonly calls: ConnecCall[];
  /** Records of a collection, oldest first; the company is the only one of its collection. */
  records(group: string, collection: string): Entity[];
  /** Puts a record there as another application would; answers it. */
  put(group: string, collection: string, entity: Entity): Entity;
  /** Changes one as another application would; answers it. */
  change(group: string, collection: string, connecId: string, entity: Entity): Entity;
  /** It never answers more records at once, whatever it is asked for. */
  largestPage: number;
  /** What befalls the next calls this is said of. */
  trouble(wanted: (call: ConnecCall) => Trouble | undefined): void;
  /** Calls that changed something. */
  writes(): string[];
}

export const connecIdOf = (entity: Entity): string =>
  (entity.id as Entity[]).find(({ provider }) => provider === 'connec')!.id;

/** When the clock of the tests begins. */
const epoch = Date.parse('2026-01-15T09:00:00Z');

/** Connec! as its public SDKs and connectors know it (API v2, spec Maestrano 1.8). It answers in this process. */
export function fakeConnec({
  host,
  id,
  key,
}: {
  readonly host: string;
  readonly id: string;
  readonly key: string;
}): FakeConnec {
  const groups = new Map<string, Map<string, Entity[]>>();
  const calls: ConnecCall[] = [];
  let wanted: (call: ConnecCall) => Trouble | undefined = () => undefined;
  let seconds = 0;
  const now = (): string => new Date(epoch + ++seconds * 1_000).toISOString().replace('.000Z', 'Z');
  const authorization = `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`;

  const records: FakeConnec['records'] = (group, collection) => {
    const collections = groups.get(group) ?? new Map<string, Entity[]>();
    groups.set(group, collections);
    const found = collections.get(collection) ?? [];
    collections.set(collection, found);
    return found;
  };

  /** Ids of the account's own records become those Connec! knows them by. */
  function resolved(group: string, field: string, value: unknown): unknown {
    if (Array.isArray(value) && field.endsWith('_id')) {
      const [own] = value as Entity[];
      const all = [...(groups.get(group) ?? new Map<string, Entity[]>()).values()].flat();
      const known = all.find((one) =>
        (one.id as Entity[]).some(
          ({ id, provider, realm }) => id === own?.id && provider === own?.provider && realm === own?.realm,
        ),
      );
      return known === undefined ? value : [{ id: connecIdOf(known), provider: 'connec', realm: 'org-1' }, own];
    }
    if (Array.isArray(value)) return value.map((one: unknown) => resolved(group, '', one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(group, name, one)]));
  }

  function merged(before: Entity, change: Entity): Entity {
    const result = { ...before };
    for (const [name, value] of Object.entries(change)) {
      const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
      result[name] = plain ? merged((before[name] as Entity | undefined) ?? {}, value as Entity) : value;
    }
    return result;
  }

  function store(group: string, collection: string, entity: Entity): Entity {
    const own = Array.isArray(entity.id) ? (entity.id as Entity[]) : [];
    const at = now();
    const stored = {
      ...(resolved(group, '', { ...entity, id: undefined }) as Entity),
      id: [{ id: randomUUID(), provider: 'connec', realm: 'org-1' }, ...own],
      group_id: group,
      created_at: at,
      updated_at: at,
    };
    records(group, collection).push(stored);
    return stored;
  }

  function change(group: string, collection: string, connecId: string, entity: Entity): Entity {
    const list = records(group, collection);
    const place = list.findIndex((one) => connecIdOf(one) === connecId);
    const before = list[place]!;
    const own = (Array.isArray(entity.id) ? (entity.id as Entity[]) : []).filter(
      (entry) => !(before.id as Entity[]).some(({ id, provider }) => id === entry.id && provider === entry.provider),
    );
    const { id: _, ...content } = entity;
    const after = {
      ...merged(before, resolved(group, '', content) as Entity),
      id: [...(before.id as Entity[]), ...own],
      updated_at: now(),
    };
    list[place] = after;
    return after;
  }

  function write(method: string, path: string, body: Entity): { status: number; body: Entity } {
    const [group, collection, connecId] = path
      .replace(/^\/api\/v2\//, '')
      .split('/')
      .map(decodeURIComponent) as string[];
    const entity = body[collection!] as Entity;
    if (method === 'PUT') {
      const only = collection === 'company' ? records(group!, collection)[0] : undefined;
      const known = only ?? records(group!, collection!).find((one) => connecIdOf(one) === connecId);
      if (known === undefined) return problem(404, 'Resource not found');
      return { status: 200, body: { [collection!]: change(group!, collection!, connecIdOf(known), entity) } };
    }
    if (typeof entity.id === 'string') return problem(409, 'Conflict');
    const sets = (body.opts?.matching_fields ?? []) as string[][];
    const same = records(group!, collection!).find((one) =>
      sets.some((set) => set.every((field) => at(one, field) !== undefined && at(one, field) === at(entity, field))),
    );
    const stored =
      same === undefined ? store(group!, collection!, entity) : change(group!, collection!, connecIdOf(same), entity);
    return { status: 201, body: { [collection!]: stored } };
  }

  function read({ path, query, headers }: ConnecCall): { status: number; body: Entity } {
    const [group, collection, connecId] = path
      .replace(/^\/api\/v2\//, '')
      .split('/')
      .map(decodeURIComponent) as string[];
    const shown = (entity: Entity): Entity => (headers.get('connec-external-ids') === 'true' ? entity : plain(entity));
    const all = records(group!, collection!);
    if (collection === 'company') return { status: 200, body: { company: shown(all[0]!) } };
    if (connecId !== undefined) {
      const found = all.find((one) => connecIdOf(one) === connecId);
      return found === undefined
        ? problem(404, 'Resource not found')
        : { status: 200, body: { [collection!]: shown(found) } };
    }
    const since = /^updated_at gt '(.+)'$/.exec(query.get('$filter') ?? '')?.[1];
    const changed = all.filter(
      (one) => since === undefined || Date.parse(one.updated_at as string) > Date.parse(since),
    );
    const skip = Number(query.get('$skip') ?? 0);
    const top = Math.min(fake.largestPage, Number(query.get('$top') ?? 100));
    const next = new URLSearchParams(query);
    next.set('$skip', String(skip + top));
    const more = skip + top < changed.length;
    return {
      status: 200,
      body: {
        [collection!]: changed.slice(skip, skip + top).map(shown),
        ...(more && { pagination: { next: `${host}${path}?${next}` } }),
      },
    };
  }

  function answer(call: ConnecCall): { status: number; body: Entity } {
    if (call.headers.get('authorization') !== authorization) return problem(401, 'Unauthorized Access');
    if (call.path === '/version') return { status: 200, body: { ci_branch: 'v1.1.x' } };
    if (call.path === '/batch') {
      const ops = call.body.ops as { method: string; url: string; params: Entity }[];
      if (ops.length > 50) return problem(400, 'Too many operations');
      const results = ops.map(({ method, url, params }) => {
        const inner: ConnecCall = { ...call, method: method.toUpperCase(), path: url.replace(/\/$/, ''), body: params };
        const befallen = wanted(inner);
        if (typeof befallen === 'number') return problem(befallen, 'Trouble');
        return write(inner.method, inner.path, params);
      });
      return { status: 200, body: { results } };
    }
    return call.method === 'GET' ? read(call) : write(call.method, call.path, call.body as Entity);
  }

  const fake: FakeConnec = {
    host,
    calls,
    largestPage: 100,
    records,
    put: store,
    change,
    trouble: (said) => {
      wanted = said;
    },
    writes: () =>
      calls
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}$/, ':id')}`),
    fetch: async (input, init = {}) => {
      const url = new URL(String(input));
      const method = init.method ?? 'GET';
      const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
      const call = { method, path: url.pathname, query: url.searchParams, headers: new Headers(init.headers), body };
      calls.push(call);
      const befallen = wanted(call);
      if (befallen === 'down') throw new TypeError('fetch failed', { cause: new Error('connection refused') });
      if (typeof befallen === 'number') return Response.json(problem(befallen, 'Trouble').body, { status: befallen });
      const { status, body: content } = answer(call);
      if (befallen === 'lost') throw new TypeError('fetch failed', { cause: new Error('the line went dead') });
      if (befallen !== undefined) return new Response(befallen.answer, { status });
      return Response.json(content, { status });
    },
  };
  return fake;
}

function problem(status: number, title: string) {
  return { status, body: { errors: [{ id: '1', status: String(status), code: String(status), title, detail: 'no' }] } };
}

function at(entity: Entity, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Entity | undefined)?.[key], entity);
}

/** The older form of ids. */
function plain(entity: Entity): Entity {
  return { ...entity, id: connecIdOf(entity) };
}
