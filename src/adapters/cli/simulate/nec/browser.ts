import { toMilliseconds } from '../../../../core/shared/clock.js';
import { systemClock } from '../../../../platform/clock.js';

/** A browser small enough for sign-in flows: cookies per host, redirects one by one, forms that only need a press. */
export interface Browser {
  /** Opens an address and follows what it leads to; the page that is left in the end. */
  open(url: string): Promise<Page>;
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  /** Every address on the way, the queries left out: they hold codes and tokens. */
  readonly way: readonly string[];
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

const longestWay = 15;
const patience = 10_000;

export function createBrowser(): Browser {
  const jars = new Map<string, Map<string, Cookie>>();

  function cookiesFor(url: URL): string {
    const jar = jars.get(url.hostname) ?? new Map<string, Cookie>();
    return [...jar.values()]
      .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  function keep(url: URL, response: Response): void {
    const jar = jars.get(url.hostname) ?? new Map<string, Cookie>();
    jars.set(url.hostname, jar);
    for (const line of response.headers.getSetCookie()) {
      const cookie = parseCookie(line);
      if (cookie === undefined) continue;
      const key = `${cookie.name};${cookie.path}`;
      if (cookie.expired) jar.delete(key);
      else jar.set(key, cookie);
    }
  }

  async function visit(url: URL, body: URLSearchParams | undefined): Promise<Response> {
    const cookie = cookiesFor(url);
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { origin: url.origin }),
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    keep(url, response);
    return response;
  }

  return {
    async open(address) {
      let url = new URL(address);
      let body: URLSearchParams | undefined;
      const way: string[] = [];
      for (let hop = 0; hop < longestWay; hop += 1) {
        way.push(`${url.origin}${url.pathname}`);
        const response = await visit(url, body);
        const location = response.headers.get('location');
        if (response.status >= 300 && response.status < 400 && location !== null) {
          await response.body?.cancel();
          url = new URL(location, url);
          body = undefined;
          continue;
        }
        const html = await response.text();
        return { url: url.href, status: response.status, html, way };
      }
      throw new Error(`more than ${longestWay} redirects: ${way.join(' → ')}`);
    },
  };
}

function parseCookie(line: string): (Cookie & { expired: boolean }) | undefined {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const given = (wanted: string): string | undefined => {
    const found = attributes.find((attribute) => attribute.toLowerCase().startsWith(`${wanted}=`));
    return found?.slice(wanted.length + 1);
  };
  const expires = given('expires');
  const expired =
    Number(given('max-age') ?? 1) <= 0 ||
    (expires !== undefined && Date.parse(expires) <= toMilliseconds(systemClock().now()));
  return { name: pair.slice(0, equals), value: pair.slice(equals + 1), path: given('path') ?? '/', expired };
}

/** The text of the element with this id, entities undone; undefined when there is none. */
export function textById(html: string, id: string): string | undefined {
  const match = new RegExp(`\\bid="${id}"[^>]*>([^<]*)<`).exec(html);
  return match?.[1]
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim();
}
