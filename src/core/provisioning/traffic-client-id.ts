/** How a channel names an instance that sends traffic: by its own ids, the containing object first. */
export interface TrafficName {
  /** The channel's name; '' = the first one where providers register. */
  readonly channel: string;
  readonly provider: string;
  readonly application: string;
  readonly instance: string;
}

/** Three external ids of 255 characters, percent-encoded from up to three bytes each, and a channel's name. */
const longest = 8_192;

/** Segments are encoded: a colon or slash that is left means what it says. */
const shape = /^(?:([^/:]+):)?([^/:]+)\/([^/]+)\/([^/]+)$/;
const loneSurrogate = /\p{Surrogate}/u;

/** `{provider}/{application}/{instance}`, each percent-encoded, with `{channel}:` in front for all channels but the first (docs/design.md 10.24). */
export function trafficClientIdOf({ channel, provider, application, instance }: TrafficName): string {
  const path = [provider, application, instance].map(encodeURIComponent).join('/');
  return channel === '' ? path : `${encodeURIComponent(channel)}:${path}`;
}

/**
 * What a client id names, however much of it is percent-encoded. Undefined for everything that is not three segments: no such
 * id is an instance's.
 */
export function parseTrafficClientId(text: string): TrafficName | undefined {
  const match = text.length > longest || loneSurrogate.test(text) ? null : shape.exec(text);
  if (match === null) return undefined;
  try {
    const [channel = '', provider = '', application = '', instance = ''] = match
      .slice(1)
      .map((segment: string | undefined) => decodeURIComponent(segment ?? ''));
    return { channel, provider, application, instance };
  } catch {
    return undefined; // a percent sign that begins nothing
  }
}
