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
 * Finds the channel a URL speaks to. A protocol's fixed paths serve its first channel, `{channel}` paths name one, and every path
 * also works under `/channels/{name}` (docs/design.md 1). Undefined when the URL belongs to no protocol.
 */
export function createProtocolRoutes(marketplaces: readonly Marketplace[], directory: ChannelDirectory) {
  const fixed = marketplaces.flatMap((m) => m.fixedPaths.map((path) => ({ protocol: m.protocol, prefix: path })));
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

  return (url: string): Soon<ProtocolMatch | undefined> => {
    for (const { protocol, prefix } of fixed) {
      const rest = below(url, prefix);
      if (rest !== undefined) return matchOf(directory.first(protocol as Protocol), prefix, rest);
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
