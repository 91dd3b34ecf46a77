import { Eta } from 'eta';
import { type Language, languages, translator } from './languages.js';
import { stylePath } from './style.js';
import { templates } from './templates.js';

const eta = new Eta({ autoEscape: true, varName: 'it' });
for (const [name, text] of Object.entries(templates)) eta.loadTemplate(`@${name}`, text);

/** The title of each page, as a key of the texts. */
const titles = {
  signIn: 'signIn.title',
  signedIn: 'signedIn.title',
  signOut: 'signOut.title',
  signedOut: 'signedOut.title',
  notEntitled: 'notEntitled.title',
  expired: 'expired.title',
  another: 'another.title',
  link: 'link.title',
  forgot: 'forgot.title',
  linkSent: 'forgot.sentTitle',
  setPassword: 'setPassword.title',
  changePassword: 'changePassword.title',
  passwordSet: 'setPassword.doneTitle',
  linkInvalid: 'setPassword.invalidTitle',
  error: 'error.title',
} as const;
export type PageName = keyof typeof titles;

export interface PageData {
  readonly [name: string]: string | number | boolean | undefined;
}

/** One page as a whole document. `address` is the page's own path and query, for the links to its other languages. */
export function renderPage(name: PageName, language: Language, data: PageData, address?: URL): string {
  const t = translator(language);
  const body = eta.render(`@${name}`, { ...data, t, lang: language });
  const title = t(titles[name], { name: data.target || t('notEntitled.app') });
  return renderLayout({ title, language, body, ...(address && { address }) });
}

export interface Layout {
  readonly title: string;
  readonly language: Language;
  /** Trusted HTML: whoever makes it has escaped what people wrote. */
  readonly body: string;
  /** Without it there is no choice of languages. */
  readonly address?: URL;
  /** For pages that are more than a form. */
  readonly wide?: boolean;
}

/** The frame of every page of the hub, also of its landing page. */
export function renderLayout({ title, language, body, address, wide = false }: Layout): string {
  const languageLinks = address
    ? languages.map((code) => ({ code, name: translator(code)('languageName'), href: inLanguage(address, code) }))
    : [];
  return eta.render('@layout', { title, lang: language, body, wide, stylePath, languageLinks });
}

function inLanguage(address: URL, code: string): string {
  const query = new URLSearchParams(address.search);
  query.set('lang', code);
  return `${address.pathname}?${query}`;
}

/**
 * Headers of every page: nothing is cached, framed, sniffed or told to others, no script runs. Browsers hold forms to
 * `form-action` through redirects too, so a page whose form ends at an application names its origin.
 */
export function pageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action ${["'self'", ...new Set(formTargets)].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  };
}
