export interface MediaType {
  /** Lower case, without parameters; '' when the header is missing or unreadable. */
  readonly type: string;
  readonly charset: string | undefined;
  /** The action parameter of application/soap+xml. */
  readonly action: string | undefined;
}

const parameter = /;\s*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;
const known = new Map<string, MediaType>();
/** Clients send a handful of spellings; the bound keeps a hostile one from filling the map. */
const remembered = 64;

/** Reads a Content-Type header. */
export function readMediaType(header: string | undefined): MediaType {
  if (header === undefined) return { type: '', charset: undefined, action: undefined };
  const before = known.get(header);
  if (before !== undefined) return before;
  const end = header.indexOf(';');
  const type = (end === -1 ? header : header.slice(0, end)).trim().toLowerCase();
  let charset: string | undefined;
  let action: string | undefined;
  for (const [, name, quoted, bare] of end === -1 ? [] : header.matchAll(parameter)) {
    const value = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    if (name!.toLowerCase() === 'charset') charset ??= value;
    else if (name!.toLowerCase() === 'action') action ??= value;
  }
  const mediaType = { type, charset, action };
  if (known.size < remembered && header.length < 200) known.set(header, mediaType);
  return mediaType;
}

/** The value of a SOAPAction header: quotes off, URL-decoded; undefined when there is no header. */
export function readSoapAction(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const raw = (typeof header === 'string' ? header : header.join(', ')).trim();
  const bare = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw;
  if (!bare.includes('%')) return bare;
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
