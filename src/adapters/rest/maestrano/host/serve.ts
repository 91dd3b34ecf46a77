import type { IncomingMessage } from 'node:http';
import { isDomainError } from '../../../../core/shared/errors.js';
import { BodyRefused, collectBody } from '../../../../platform/request-body.js';
import type { ChannelServer, MarketplacePorts, RequestInfo } from '../../../marketplace.js';
import { json, type MaestranoAnswer, type MaestranoCall, type MaestranoHandler } from '../call.js';
import { type Connection, connectionOf, type MaestranoChannel } from '../connection.js';
import { createRefusalOf, invalidCredentials } from './authenticate.js';
import { brokenPage, busyPage, notReadyPage, unknownMarketplacePage } from './page.js';
import { shownAnswer, shownRequest } from './record.js';
import { type Role, type RoleRule, roleRules } from './roles.js';
import { drainBytes, send } from './send.js';
import { tableOf } from './table.js';

export interface HostParts {
  readonly handlers: Readonly<Record<Role, MaestranoHandler>>;
  /** The channel as its platform tells it now, for one that has told nothing yet; may be the same. */
  readonly refreshed: (channel: MaestranoChannel) => Promise<MaestranoChannel>;
}

interface Answered {
  readonly answer: MaestranoAnswer;
  readonly operation: string;
  readonly body: Buffer;
  /** The connection can be used again. */
  readonly complete: boolean;
}

/** Answers calls to one channel, in the order path, verb, credentials, body, handler. */
export function createHost(ports: MarketplacePorts, channel: MaestranoChannel, parts: HostParts): ChannelServer {
  const refusalOf = createRefusalOf(ports);
  const read = async (request: IncomingMessage, limit: number): Promise<Buffer> => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
    const readable = encoding === '' || encoding === 'identity';
    const bytes = await collectBody(request, { drainBytes, bodyTime: ports.limits.bodyTimeMs }, readable ? limit : 0);
    if (!readable && request.headers['content-length'] !== '0') throw new BodyRefused('encoding', true);
    if (bytes === null) throw new BodyRefused('too-large', true);
    return bytes;
  };

  /** Nobody is told what is wrong with a response, its size and encoding neither: one that was not taken in is handed on as none. */
  async function readFor(role: Role, request: IncomingMessage, limit: number): Promise<Buffer> {
    try {
      return await read(request, limit);
    } catch (error) {
      if (role === 'samlConsume' && error instanceof BodyRefused && error.complete) return Buffer.alloc(0);
      throw error;
    }
  }

  /** What the caller must be before a body is read: an answer when it is not. */
  async function admit(
    rule: RoleRule,
    request: IncomingMessage,
    info: RequestInfo,
  ): Promise<{ answer: MaestranoAnswer } | { channel: MaestranoChannel; connection: Connection | undefined }> {
    const current = connectionOf(channel, ports.publicUrl) === undefined ? await parts.refreshed(channel) : channel;
    const connection = connectionOf(current, ports.publicUrl);
    if (rule.auth === 'basic') {
      if (connection === undefined) return { answer: notDiscovered() };
      const { address, requestId } = info;
      const refusal = await refusalOf({ request, channelId: channel.id, address, requestId }, connection);
      if (refusal !== undefined) return { answer: refusal };
    } else if (rule.people && connection === undefined) return { answer: notReadyPage(info.requestId) };
    return { channel: current, connection };
  }

  async function answer(request: IncomingMessage, info: RequestInfo): Promise<Answered> {
    const url = new URL(`http://hub${ownPath(info)}`);
    const method = request.method ?? 'GET';
    const match = tableOf(channel).match(method, url.pathname);
    const operation = match.kind === 'unknown' ? '' : match.role;
    let body = Buffer.alloc(0);
    let complete = true;
    const done = (given: MaestranoAnswer): Answered => ({ answer: given, operation, body, complete });
    try {
      if (match.kind === 'unknown') return done(json(404, { error: 'Not found' }));
      const rule = roleRules[match.role];
      if (match.kind === 'wrongMethod') {
        return done(json(405, { error: 'Method not allowed' }, { allow: match.allow.join(', ') }));
      }
      if (match.kind === 'otherMarketplace' || namesAnother(url, channel)) {
        return done(rule.people ? unknownMarketplacePage(info.requestId) : await strangerAnswer(request, info));
      }
      const admitted = await admit(rule, request, info);
      if ('answer' in admitted) return done(admitted.answer);
      body = (await readFor(match.role, request, rule.bodyLimit)) as typeof body;
      const call: MaestranoCall = {
        ports,
        channel: admitted.channel,
        connection: admitted.connection,
        request,
        info,
        query: url.searchParams,
        parameters: match.parameters,
        body,
      };
      return done(await parts.handlers[match.role](call));
    } catch (error) {
      const people = match.kind !== 'unknown' && roleRules[match.role].people;
      if (error instanceof BodyRefused) {
        ({ complete } = error);
        return done(json(statusOf[error.problem], { error: textOf[error.problem] }));
      }
      return done(failure(error, info, people));
    }
  }

  /** The credentials count as those of this channel, so that guessing names of marketplaces is no way round the limit. */
  async function strangerAnswer(
    request: IncomingMessage,
    { address, requestId }: RequestInfo,
  ): Promise<MaestranoAnswer> {
    const refusal = await refusalOf({ request, channelId: channel.id, address, requestId }, undefined);
    return refusal ?? invalidCredentials();
  }

  function failure(error: unknown, { requestId }: RequestInfo, people: boolean): MaestranoAnswer {
    if (isDomainError(error) && error.code === 'busy') {
      if (people) return busyPage(requestId);
      return json(503, { error: 'Busy: try again', request: requestId }, { 'retry-after': '1' });
    }
    ports.logger.error({ err: error, channel: channel.name, requestId }, 'a call of a marketplace failed');
    return people ? brokenPage(requestId) : json(500, { error: 'Internal error', request: requestId });
  }

  return {
    async handle(request, response, info) {
      const started = performance.now();
      const { answer: given, operation, body, complete } = await answer(request, info);
      send(request, response, given, complete);
      ports.record({
        direction: 'in',
        protocol: 'maestrano',
        channelId: channel.id,
        operation,
        requestId: info.requestId,
        status: given.status,
        durationMs: Math.round(performance.now() - started),
        request: shownRequest(
          request.method ?? '',
          info.mount + info.path,
          request.headers['content-type'] ?? '',
          body,
        ),
        response: shownAnswer(given),
      });
    },
  };
}

const statusOf = { 'too-large': 413, 'too-slow': 408, encoding: 415, gone: 400 } as const;
const textOf = {
  'too-large': 'Too large',
  'too-slow': 'Too slow',
  encoding: 'Encoding not supported',
  gone: 'Incomplete',
} as const;

/** Without the channel before it: `/channels/acme/maestrano/metadata` is `/maestrano/metadata`. */
function ownPath({ mount, path }: RequestInfo): string {
  return `/${mount.slice(mount.lastIndexOf('/') + 1).toLowerCase()}${path}`;
}

/** A path that names no marketplace may do so in its query. */
function namesAnother(url: URL, channel: MaestranoChannel): boolean {
  const asked = url.searchParams.get('marketplace');
  return asked !== null && asked !== channel.settings.marketplace && !tableOf(channel).names(url.pathname);
}

function notDiscovered(): MaestranoAnswer {
  return json(503, { error: 'The developer platform has not been read yet' }, { 'retry-after': '60' });
}
