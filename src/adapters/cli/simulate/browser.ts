import { toMilliseconds } from '../../../core/shared/clock.js';
import { systemClock } from '../../../platform/clock.js';

/** A browser small enough for sign-in flows: cookies per host, redirects one by one, forms that only need a press. */
export interface Browser {
  /** Opens an address and follows what it leads to; the page that is left in the end. */
  open(url: string): Promise<Page>;
  /** Presses the button of a form of the page, known by its id or, without one, by where it leads. @throws when there is none */
  press(page: Page, form: string): Promise<Page>;
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
  /** What is not said is `lax`, as browsers have it. */
  readonly sameSite: 'none' | 'lax' | 'strict';
}

/** Where a visit began: other sites do not get every cookie. */
interface Visit {
  readonly body: URLSearchParams | undefined;
  readonly from: URL;
}

const longestWay = 15;
const patience = 10_000;

export function createBrowser(): Browser {
  const jars = new Map<string, Map<string, Cookie>>();

  function cookiesFor(url: URL, { from, body }: Visit): string {
    const jar = jars.get(url.hostname) ?? new Map<string, Cookie>();
    const foreign = from.hostname !== url.hostname;
    return [...jar.values()]
      .filter(({ sameSite }) => !foreign || sameSite === 'none' || (sameSite === 'lax' && body === undefined))
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

  async function visit(url: URL, from: Visit): Promise<Response> {
    const { body } = from;
    const cookie = cookiesFor(url, from);
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { origin: from.from.origin }),
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    keep(url, response);
    return response;
  }

  async function follow(begin: URL, first: Visit): Promise<Page> {
    let url = begin;
    let { body } = first;
    const way: string[] = [];
    for (let hop = 0; hop < longestWay; hop += 1) {
      way.push(`${url.origin}${url.pathname}`);
      const response = await visit(url, { ...first, body });
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
  }

  return {
    open: (address) => follow(new URL(address), { body: undefined, from: new URL(address) }),
    async press(page, form) {
      const { action, fields } = formIn(page, form);
      return follow(action, { body: fields, from: new URL(page.url) });
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
  const said = given('samesite')?.toLowerCase();
  const sameSite = said === 'none' || said === 'strict' ? said : 'lax';
  return { name: pair.slice(0, equals), value: pair.slice(equals + 1), path: given('path') ?? '/', sameSite, expired };
}

/** The text of the element with this id, entities undone; undefined when there is none. */
export function textById(html: string, id: string): string | undefined {
  const match = new RegExp(`\\bid="${id}"[^>]*>([^<]*)<`).exec(html);
  return match?.[1] === undefined ? undefined : withoutEntities(match[1]).trim();
}

/** A form with what its hidden fields and its button send. */
function formIn({ html, url }: Page, wanted: string): { action: URL; fields: URLSearchParams } {
  for (const [, attributes = '', content = ''] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    const action = new URL(attribute(attributes, 'action') ?? url, url);
    if (attribute(attributes, 'id') !== wanted && action.pathname !== wanted) continue;
    const fields = new URLSearchParams();
    for (const [, inside = ''] of content.matchAll(/<(?:input|button)\b([^>]*)>/g)) {
      const name = attribute(inside, 'name');
      if (name !== undefined) fields.append(name, attribute(inside, 'value') ?? '');
    }
    return { action, fields };
  }
  throw new Error(`no form ${wanted} on the page at ${url.split('?')[0]}`);
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : withoutEntities(value);
}

function withoutEntities(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
