import { randomUUID } from 'node:crypto';
import { type Answer, isObject, json } from '../http.js';
import type { ConnecRecord, Fields, Group, LocalMarketplace } from '../model.js';
import type { World } from '../world.js';
import { company } from './collections.js';
import { connecIdOf } from './ids.js';
import { pageOf, readFilter, sorted, UnknownFilter } from './query.js';
import { companyOf, createRecord, inCollection, recordsOf, shownRecord, updateRecord, valueAt } from './records.js';

/** One collection of one group, and how the caller wants ids. */
export interface Place {
  readonly marketplace: LocalMarketplace;
  readonly group: Group;
  readonly collection: string;
  readonly arrays: boolean;
}

export function listRecords(world: World, place: Place, url: URL): Answer {
  const { marketplace, group, collection } = place;
  if (collection === company) return showCompany(world, place);
  try {
    const matches = readFilter(url.searchParams.get('$filter') ?? '');
    const entities = inCollection(marketplace, group, collection).map((record) => shown(place, record));
    const wanted = sorted(entities.filter(matches), url.searchParams.get('$orderby') ?? '');
    const page = pageOf(wanted, url.searchParams, world.control.pageSize);
    const next = new URL(url.pathname + url.search, world.url());
    next.searchParams.set('$skip', String(page.next ?? 0));
    const pagination = page.next === undefined ? {} : { next: next.href };
    return answer(200, { [collection]: page.entities, pagination });
  } catch (error) {
    if (error instanceof UnknownFilter) return problem(400, 'Invalid filter', error.message);
    throw error;
  }
}

export function showRecord(place: Place, id: string): Answer {
  const record = recordAt(place, id);
  return record === undefined ? notFound() : answer(200, { [place.collection]: shown(place, record) });
}

export function postRecord(world: World, place: Place, body: unknown): Answer {
  const { marketplace, group, collection } = place;
  const given = entityIn(body, collection);
  if (given === undefined) return problem(400, 'Invalid body', `an object named ${collection} is expected`);
  if (connecIdOf(given.id) !== undefined) return problem(409, 'Conflict', 'a new record carries no id of Connec!');
  const now = world.clock.now();
  const twin = matching(place, given, optionsIn(body, given));
  const record = twin ?? createRecord(marketplace, group, collection, given, now);
  if (twin !== undefined) updateRecord(twin, given, now);
  if (world.control.echo) world.announcer.announce(marketplace, group, record);
  const location = `${world.url()}/api/v2/${group.uid}/${collection}/${record.id}`;
  return answer(201, { [collection]: shown(place, record) }, { location });
}

/** `id` is undefined for the company. */
export function putRecord(world: World, place: Place, id: string | undefined, body: unknown): Answer {
  const { marketplace, group, collection } = place;
  const now = world.clock.now();
  const record = collection === company ? companyOf(marketplace, group, now) : recordAt(place, id ?? '');
  if (record === undefined) return notFound();
  const given = entityIn(body, collection);
  if (given === undefined) return problem(400, 'Invalid body', `an object named ${collection} is expected`);
  updateRecord(record, given, now);
  if (world.control.echo) world.announcer.announce(marketplace, group, record);
  return answer(200, { [collection]: shown(place, record) });
}

export function showCompany(world: World, place: Place): Answer {
  return answer(200, { company: shown(place, companyOf(place.marketplace, place.group, world.clock.now())) });
}

export function answer(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return json(status, value, { 'content-type': 'application/vnd.api+json; charset=utf-8', ...headers });
}

export function problem(status: number, title: string, detail: string): Answer {
  return answer(status, { errors: [{ id: randomUUID(), href: '', status, code: String(status), title, detail }] });
}

export const notFound = (): Answer => problem(404, 'Resource not found', 'there is no such record');

function shown({ marketplace, group, arrays }: Place, record: ConnecRecord): Fields {
  return shownRecord(record, { arrays, group, records: recordsOf(marketplace, group) });
}

function recordAt({ marketplace, group, collection }: Place, id: string): ConnecRecord | undefined {
  return inCollection(marketplace, group, collection).find((record) => record.id === id);
}

function entityIn(body: unknown, collection: string): Fields | undefined {
  const entity = isObject(body) ? body[collection] : undefined;
  return isObject(entity) ? entity : undefined;
}

/** `opts` stands beside the entity; some callers put it inside. */
function optionsIn(body: unknown, entity: Fields): Fields {
  const options = (isObject(body) ? body.opts : undefined) ?? entity.opts;
  return isObject(options) ? options : {};
}

/** The record that agrees in all fields of one of the sets, instead of which another must not be made. */
function matching({ marketplace, group, collection }: Place, given: Fields, options: Fields): ConnecRecord | undefined {
  const sets = Array.isArray(options.matching_fields) ? options.matching_fields : [];
  const agrees = (record: ConnecRecord, path: unknown): boolean => {
    const wanted = valueAt(given, String(path));
    return wanted !== undefined && wanted === valueAt(record.fields, String(path));
  };
  return inCollection(marketplace, group, collection).find((record) =>
    sets.some((set) => Array.isArray(set) && set.length > 0 && set.every((path) => agrees(record, path))),
  );
}
