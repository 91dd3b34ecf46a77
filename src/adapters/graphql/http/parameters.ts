import type { IncomingMessage } from 'node:http';
import type { OperationRequest } from '../documents/admit.js';
import type { GraphqlSettings } from '../settings.js';
import { readBody } from './body.js';
import { requireJson } from './headers.js';
import { type JsonObject, parseJsonObject } from './json.js';
import { Refusal } from './refusal.js';

/** The four parameters of GraphQL over HTTP, with `query` possibly still missing (persisted queries). */
export interface Parameters extends Omit<OperationRequest, 'query'> {
  readonly query: string | undefined;
  readonly extensions: JsonObject;
}

const noVariables: JsonObject = Object.freeze(Object.create(null));

function textOrAbsent(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new Refusal(400, `${name} must be text`);
}

function objectOrEmpty(value: unknown, name: string): JsonObject {
  if (value === undefined || value === null) return noVariables;
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new Refusal(400, `${name} must be an object`);
}

export function readParameters(values: JsonObject): Parameters {
  return {
    query: textOrAbsent(values.query, 'query'),
    operationName: textOrAbsent(values.operationName, 'operationName') || undefined,
    variables: objectOrEmpty(values.variables, 'variables'),
    extensions: objectOrEmpty(values.extensions, 'extensions'),
  };
}

type ReadSettings = Pick<GraphqlSettings, 'bodyLimit' | 'jsonDepth'>;

/** POST: one JSON object. Lists of operations are refused: batching multiplies every other limit. */
export async function parametersOfBody(request: IncomingMessage, settings: ReadSettings): Promise<Parameters> {
  requireJson(request.headers['content-type'], request.headers['content-encoding']);
  const text = await readBody(request, settings.bodyLimit);
  return readParameters(parseJsonObject(text, 'the body', settings.jsonDepth));
}

/** GET: URL parameters, each once; `variables` and `extensions` are JSON. */
export function parametersOfUrl(search: URLSearchParams, settings: ReadSettings): Parameters {
  const single = (name: string) => {
    const values = search.getAll(name);
    if (values.length > 1) throw new Refusal(400, `${name} may be given once`);
    return values[0];
  };
  const json = (name: string) => {
    const text = single(name);
    return text === undefined || text === '' ? undefined : parseJsonObject(text, name, settings.jsonDepth);
  };
  return readParameters({
    query: single('query'),
    operationName: single('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
}
