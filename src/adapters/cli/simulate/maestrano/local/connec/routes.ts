import { type Answer, basicOf, type Call, decoded, isBasic, isObject, json, parseJson, type Route } from '../http.js';
import type { LocalMarketplace } from '../model.js';
import { connecBase } from '../platform.js';
import { marketplaceOfApiId, type World } from '../world.js';
import { collections, company } from './collections.js';
import { answer, listRecords, notFound, type Place, postRecord, problem, putRecord, showRecord } from './operations.js';

const mostOperations = 500;

/** Connec! of all marketplaces: the credentials say which one is called (spec Maestrano 1.8.1). */
export function connecRoutes(world: World): readonly Route[] {
  const methods = ['GET', 'POST', 'PUT'] as const;
  const resources = methods.flatMap((method): Route[] =>
    ['/:group/:collection', '/:group/:collection/:id'].map((path) => ({
      method,
      path: `${connecBase}${path}`,
      handle: (call) =>
        authenticated(world, call, (marketplace) =>
          operate(world, marketplace, arraysWanted(call), {
            method,
            url: call.url,
            parameters: call.parameters,
            body: parseJson(call.body),
          }),
        ),
    })),
  );
  return [
    ...resources,
    { method: 'POST', path: '/batch', handle: (call) => authenticated(world, call, (one) => batch(world, one, call)) },
    { method: 'GET', path: '/version', handle: () => json(200, { ci_branch: 'v1.1.x', ci_commit: 'local' }) },
    {
      method: 'GET',
      path: '/api/reports/:group/:report',
      handle: (call) => authenticated(world, call, (one) => report(one, call)),
    },
  ];
}

const arraysWanted = ({ headers }: Call): boolean => headers['connec-external-ids'] === 'true';

function authenticated(world: World, { headers }: Call, work: (marketplace: LocalMarketplace) => Answer): Answer {
  const basic = basicOf(headers);
  const marketplace = marketplaceOfApiId(world, basic?.user ?? '');
  if (marketplace === undefined || !isBasic(basic, marketplace.api.id, marketplace.api.key)) return unauthorized();
  return work(marketplace);
}

const unauthorized = (): Answer => problem(401, 'Unauthorized Access', 'the credentials are not valid for this group');

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function operate(world: World, marketplace: LocalMarketplace, arrays: boolean, operation: Operation): Answer {
  const { method, url, body } = operation;
  const { group: groupUid = '', collection = '', id } = operation.parameters;
  const group = marketplace.groups.get(groupUid);
  if (group?.status !== 'running') return unauthorized();
  if (collection !== company && !collections.has(collection)) {
    return problem(400, 'Unknown Resource', `${collection} is no collection`);
  }
  const place: Place = { marketplace, group, collection, arrays };
  if (method === 'PUT')
    return id === undefined && collection !== company ? notFound() : putRecord(world, place, id, body);
  if (method === 'POST')
    return id !== undefined || collection === company ? notFound() : postRecord(world, place, body);
  return id === undefined ? listRecords(world, place, url) : showRecord(place, id);
}

/** The operations one after the other; each answers for itself. */
function batch(world: World, marketplace: LocalMarketplace, call: Call): Answer {
  const body = parseJson(call.body);
  const operations = isObject(body) && Array.isArray(body.ops) ? body.ops : undefined;
  if (operations === undefined || operations.length > mostOperations)
    return problem(400, 'Invalid body', 'ops is expected');
  const results = operations.map((given: unknown) => {
    const operation = isObject(given) ? readOperation(given, world.url()) : undefined;
    const { status, body: text = '' } =
      operation === undefined
        ? problem(400, 'Invalid operation', 'method and url are expected')
        : operate(world, marketplace, arraysWanted(call), operation);
    return { status, body: parseJson(text) };
  });
  return answer(200, { results });
}

function readOperation(
  { method, url, params }: Readonly<Record<string, unknown>>,
  base: string,
): Operation | undefined {
  const verb = String(method).toUpperCase();
  if (verb !== 'GET' && verb !== 'POST' && verb !== 'PUT') return undefined;
  if (!URL.canParse(String(url), base)) return undefined;
  const address = new URL(String(url), base);
  if (!address.pathname.startsWith(`${connecBase}/`)) return undefined;
  const [group = '', collection = '', id] = address.pathname
    .slice(connecBase.length + 1)
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  return {
    method: verb,
    url: address,
    parameters: { group, collection, ...(id !== undefined && { id }) },
    body: params,
  };
}

function report({ groups }: LocalMarketplace, { parameters }: Call): Answer {
  if (groups.get(parameters.group!)?.status !== 'running') return unauthorized();
  return answer(200, { report: { name: parameters.report, rows: [] } });
}
