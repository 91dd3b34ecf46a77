import type { IncomingMessage } from 'node:http';
import type { Marketplace } from '../adapters/marketplace.js';
import type { Protocol } from '../core/marketplace/index.js';
import type { ChannelDirectory, ServedChannel, Soon } from './channel-directory.js';

export interface ProtocolMatch {
  readonly served: ServedChannel | undefined;
  /** The mount as the protocol names it, below `/channels/{name}` when it was called there. */
  readonly mount: string;
  /** Path and query below the channel's mount. */
  readonly path: string;
}

/**
 * Finds the channel a request speaks to. A protocol's fixed paths serve its first channel or that which the protocol chooses, `{channel}` paths name one, and every path
 * also works under `/channels/{name}` (docs/design.md 1). Undefined when the URL belongs to no protocol.
 */
export function createProtocolRoutes(marketplaces: readonly Marketplace[], directory: ChannelDirectory) {
  const fixed = marketplaces.flatMap((m) =>
    m.fixedPaths.map((path) => ({ protocol: m.protocol, prefix: path, choose: m.choose })),
  );
  const named = marketplaces.flatMap((m) =>
    m.channelPaths.map((path) => ({ protocol: m.protocol, prefix: path.slice(0, path.indexOf('/{channel}')) })),
  );

  function matchNamed(url: string): Soon<ProtocolMatch> | undefined {
    for (const { protocol, prefix } of named) {
      const rest = below(url, prefix);
      if (rest === undefined) continue;
      const [name, path] = firstSegment(rest);
      return matchOf(directory.byName(name, protocol), `${prefix}/${name}`, path);
    }
    return undefined;
  }

  /** `/channels/carrier/ncbs/NcbsIsvService`: the protocol's own path without the channel in it. */
  async function matchUnderChannel(url: string): Promise<ProtocolMatch | undefined> {
    const rest = below(url, '/channels');
    if (rest === undefined) return undefined;
    const [name, path] = firstSegment(rest);
    for (const { protocol, prefix } of [...fixed, ...named]) {
      const inner = below(path, prefix);
      if (inner === undefined) continue;
      const served = await directory.byName(name, protocol);
      if (served !== undefined) return { served, mount: `/channels/${name}${prefix}`, path: inner };
    }
    return { served: undefined, mount: '', path };
  }

  /** Of the channels of a protocol, that which the protocol says is meant, or the first. */
  function chosen(
    request: IncomingMessage,
    protocol: Protocol,
    path: string,
    choose: Marketplace['choose'],
  ): Soon<ServedChannel | undefined> {
    if (choose === undefined) return directory.first(protocol);
    const pick = (all: readonly ServedChannel[]): ServedChannel | undefined => {
      const own = all.filter(({ channel }) => channel.protocol === protocol);
      if (own.length < 2) return own[0];
      const channels = own.map(({ channel }) => channel);
      const meant = choose(request, path, channels) ?? channels[0]!;
      return own[channels.indexOf(meant)];
    };
    const all = directory.all();
    return all instanceof Promise ? all.then(pick) : pick(all);
  }

  return (request: IncomingMessage): Soon<ProtocolMatch | undefined> => {
    const url = request.url ?? '/';
    for (const { protocol, prefix, choose } of fixed) {
      const rest = below(url, prefix);
      if (rest !== undefined) return matchOf(chosen(request, protocol, rest, choose), prefix, rest);
    }
    return matchNamed(url) ?? matchUnderChannel(url);
  };
}

function matchOf(served: Soon<ServedChannel | undefined>, mount: string, path: string): Soon<ProtocolMatch> {
  return served instanceof Promise ? served.then((found) => ({ served: found, mount, path })) : { served, mount, path };
}

/** What follows the prefix when the URL is at or below it: '' or starts with `/` or `?`. Path case is ignored as IIS does. */
function below(url: string, prefix: string): string | undefined {
  if (url.length < prefix.length || url.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase())
    return undefined;
  const rest = url.slice(prefix.length);
  return rest === '' || rest[0] === '/' || rest[0] === '?' ? rest : undefined;
}

function firstSegment(rest: string): [string, string] {
  const match = /^\/([^/?#]*)(.*)$/s.exec(rest);
  return match ? [match[1]!, match[2]!] : ['', ''];
}
