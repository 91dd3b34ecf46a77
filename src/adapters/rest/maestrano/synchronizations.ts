import { isFailure } from './account/index.js';
import { json, type MaestranoAnswer, type MaestranoCall, type MaestranoHandler } from './call.js';
import type { SharingControl, SharingStatus } from './connec/index.js';
import { liveInstance } from './live-instance.js';

type Control = (control: SharingControl, instanceId: string, all: boolean) => Promise<SharingStatus | undefined>;

/**
 * How data sharing with a group stands, as connectors of the marketplace tell it (spec Maestrano 1.8.6):
 * `{"group_id","sync_enabled","status","message","updated_at"}`, with RUNNING, SUCCESS, FAILED or DISABLED; the last two fields are
 * absent before anything happened. A group that is not here, or shares nothing, is
 * `404 {"errors":[{"message":"Organization not found","code":404}]}`.
 */
export function createSynchronizations(
  control: SharingControl,
): Readonly<Record<'status' | 'start' | 'toggle' | 'metadata', MaestranoHandler>> {
  const handler =
    (status: number, work: Control): MaestranoHandler =>
    (call) =>
      answer(call, status, control, work);
  return {
    status: handler(200, (of, instanceId) => of.status(instanceId)),
    // 201 is what the connectors answer, also when a run goes on already
    start: handler(201, (of, instanceId, all) => of.start(instanceId, all)),
    toggle: handler(200, (of, instanceId) => of.toggle(instanceId)),
    metadata: handler(200, (of, instanceId) => of.updateMetadata(instanceId)),
  };
}

/**
 * `GET /maestrano/dependancies` (as it is spelled there): versions of the marketplace's services this hub is made for, in the words of
 * its connectors.
 */
export const dependencies: MaestranoHandler = async () =>
  json(200, { connec: '1.0', impac: '1.0', maestrano_hub: '1.0' });

async function answer(
  call: MaestranoCall,
  status: number,
  control: SharingControl,
  work: Control,
): Promise<MaestranoAnswer> {
  const asked = askedFor(call);
  const instanceId = asked.groupUid === '' ? undefined : await liveInstance(call, asked.groupUid);
  if (instanceId === undefined) return problem(404, 'Organization not found');
  try {
    const sharing = await work(control, instanceId, asked.all);
    return sharing === undefined ? problem(404, 'Organization not found') : json(status, shown(sharing));
  } catch (error) {
    if (!isFailure(error)) throw error;
    call.ports.logger.warn(
      { err: error, channel: call.channel.name },
      'a marketplace could not be asked about a group',
    );
    return problem(502, 'The marketplace could not be asked');
  }
}

function shown({ groupUid, enabled, status, message, updatedAt }: SharingStatus): Readonly<Record<string, unknown>> {
  const known = { group_id: groupUid, sync_enabled: enabled, status };
  return updatedAt === null ? known : { ...known, message, updated_at: updatedAt };
}

function problem(status: number, message: string): MaestranoAnswer {
  return json(status, { errors: [{ message, code: status }] });
}

/** The group is in the path, or `group_id` in the body (JSON or a form) or in the query; `opts.full_sync` asks for everything. */
function askedFor({ parameters, request, query, body }: MaestranoCall): { groupUid: string; all: boolean } {
  const { marketplace: _, ...named } = parameters;
  const [inPath] = Object.values(named);
  const content = contentOf(request.headers['content-type'] ?? '', body.toString('utf8'));
  const groupUid = inPath ?? textOf(content.get('group_id')) ?? query.get('group_id') ?? '';
  const opts = content.get('opts');
  const full = opts instanceof Map ? opts.get('full_sync') : content.get('opts[full_sync]');
  return { groupUid, all: full === true || full === 'true' || full === '1' };
}

/** Empty for what cannot be read: then no group is named. */
function contentOf(contentType: string, text: string): ReadonlyMap<string, unknown> {
  if (!contentType.includes('json')) return new Map(new URLSearchParams(text));
  try {
    return mapOf(JSON.parse(text)) ?? new Map();
  } catch {
    return new Map();
  }
}

/** Names of a stranger are never looked up on an object. */
function mapOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).map(([name, part]) => [name, mapOf(part) ?? part]));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
