import type { IncomingMessage } from 'node:http';
import { parseCookies } from '../cookies.js';
import { chooseLanguage, type Language } from '../pages/languages.js';
import { type PageData, type PageName, pageHeaders, renderPage } from '../pages/render.js';

/** A request to a sign-in page, whatever server took it. */
export interface PageRequest {
  readonly raw: IncomingMessage;
  readonly method: string;
  readonly url: URL;
  readonly form: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
  readonly language: Language;
}

export interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** What somebody chose at the foot of a page; no secret, no authority. */
const languageCookie = 'mercator_language';

export type PageHandler = (request: PageRequest) => Promise<PageResponse>;

export function pageRequest(raw: IncomingMessage, publicUrl: string, form = new URLSearchParams()): PageRequest {
  const url = new URL(publicUrl + (raw.url?.startsWith('/') ? raw.url : '/'));
  const to = url.searchParams.get('to') ?? form.get('to') ?? '';
  const asked = URL.canParse(to, publicUrl) ? new URL(to, publicUrl).searchParams.get('ui_locales') : null;
  const cookies = parseCookies(raw.headers.cookie);
  return {
    raw,
    method: raw.method ?? 'GET',
    url,
    form,
    cookies,
    language: chooseLanguage(
      url.searchParams.get('lang'),
      cookies.get(languageCookie),
      asked,
      raw.headers['accept-language'],
    ),
  };
}

export interface ShowOptions {
  readonly status?: number;
  readonly cookies?: readonly string[];
  /** Origins the page's form may lead to. */
  readonly formTargets?: readonly string[];
  readonly language?: Language;
  /** No links to other languages: the address cannot be asked again (a POST, a one-time link). */
  readonly once?: boolean;
}

export function show(request: PageRequest, page: PageName, data: PageData, options: ShowOptions = {}): PageResponse {
  const {
    status = 200,
    cookies = [],
    formTargets,
    language = request.language,
    once = request.method !== 'GET',
  } = options;
  const chosen = request.url.searchParams.has('lang') ? [rememberLanguage(request)] : [];
  const setCookies = [...cookies, ...chosen];
  return {
    status,
    headers: { ...pageHeaders(formTargets), ...(setCookies.length > 0 && { 'set-cookie': setCookies }) },
    body: renderPage(page, language, data, once ? undefined : request.url),
  };
}

function rememberLanguage({ url, language }: PageRequest): string {
  const secure = url.protocol === 'https:' ? '; Secure' : '';
  return `${languageCookie}=${language}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000${secure}`;
}

/** 303, so that the browser asks with GET whatever it sent before. */
export function redirect(to: string, cookies: readonly string[] = []): PageResponse {
  return {
    status: 303,
    headers: { ...pageHeaders(), location: to, ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    body: '',
  };
}

/** A path of this origin, or undefined: nothing else is ever redirected to on somebody's word (docs/design.md 5). */
export function ownPath(to: string | null | undefined, publicUrl: string): string | undefined {
  if (!to?.startsWith('/') || to.length > 8_000) return undefined;
  try {
    const url = new URL(to, publicUrl);
    return url.origin === publicUrl && url.pathname + url.search === to ? to : undefined;
  } catch {
    return undefined;
  }
}

/** Prefetching browsers and link checkers use nothing up. */
export function isPrefetch({ method, raw }: PageRequest): boolean {
  const purpose = [raw.headers['sec-purpose'], raw.headers.purpose, raw.headers['x-moz'], raw.headers['x-purpose']];
  return method === 'HEAD' || purpose.some((value) => /prefetch|prerender|preview/i.test(String(value ?? '')));
}
