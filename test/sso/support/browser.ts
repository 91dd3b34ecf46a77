import { parseCookies } from '../../../src/adapters/sso/cookies.js';

export interface Visit {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** Where it wants to go, absolute; '' when nowhere. */
  readonly location: string;
}

export interface Browser {
  readonly jar: Map<string, Map<string, string>>;
  get(url: string, headers?: Record<string, string>): Promise<Visit>;
  post(url: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Visit>;
  /** Goes there and follows redirects; stops before an address that begins with `until`. */
  open(url: string, until?: string): Promise<Visit>;
  follow(visit: Visit, until?: string): Promise<Visit>;
  /** Fills the page's form and sends it. */
  submit(page: Visit, values: Record<string, string>): Promise<Visit>;
  cookie(url: string, name: string): string | undefined;
}

/** A browser without a window: cookies per origin, redirects by hand. */
export function openBrowser(): Browser {
  const jar = new Map<string, Map<string, string>>();

  async function send(url: string, init: RequestInit): Promise<Visit> {
    const { origin } = new URL(url);
    const cookies = jar.get(origin) ?? new Map<string, string>();
    jar.set(origin, cookies);
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [[name, value]] = [...parseCookies(line.split(';')[0])] as [[string, string]];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return {
      status: response.status,
      url,
      headers: response.headers,
      body: await response.text(),
      location: location === null ? '' : new URL(location, url).href,
    };
  }

  const get = (url: string, headers: Record<string, string> = {}) => send(url, { headers });
  const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    send(url, { method: 'POST', body: new URLSearchParams(form), headers });

  async function follow(visit: Visit, until?: string): Promise<Visit> {
    let now = visit;
    for (let hops = 0; now.location !== '' && !(until !== undefined && now.location.startsWith(until)); hops += 1) {
      if (hops > 12) throw new Error(`redirects without end at ${now.location}`);
      now = await get(now.location);
    }
    return now;
  }

  return {
    jar,
    get,
    post,
    follow,
    open: async (url, until) => follow(await get(url), until),
    cookie: (url, name) => jar.get(new URL(url).origin)?.get(name),
    submit(page, values) {
      const action = /<form[^>]* action="([^"]+)"/.exec(page.body)?.[1];
      if (action === undefined) throw new Error(`no form at ${page.url}: ${page.body.slice(0, 400)}`);
      return post(new URL(action, page.url).href, { ...hiddenFields(page.body), ...values });
    },
  };
}

export function hiddenFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    const value = /value="([^"]*)"/.exec(input)?.[1] ?? '';
    if (name !== undefined)
      fields[name] = value.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
  }
  return fields;
}
