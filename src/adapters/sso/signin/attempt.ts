import { type Candidate, chooseLoginMethod, type PasswordVerdict } from '../../../core/identity/index.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { emailKey } from '../../../core/shared/text.js';
import { hashToken } from '../../../platform/secrets.js';
import { translator } from '../pages/languages.js';
import type { SignInContext } from './context.js';
import type { PageRequest } from './exchange.js';
import { sourceOf } from './source.js';

export type Accepted = Extract<PasswordVerdict, { readonly outcome: 'accepted' }>;

/** How an attempt is refused, in the page's words. */
export interface Refusal {
  readonly status: number;
  readonly problem: string;
}

/** By what failures of a typed name are counted, and known browsers known, on every page that asks for a password. */
export function accountKeyOf(name: string): string {
  return hashToken(emailKey(name));
}

/**
 * Checks the password of a page's form for whoever `name` means: unless the customer's own provider is required, and within the
 * limits that all pages share.
 */
export async function attemptPassword(
  context: SignInContext,
  request: PageRequest,
  { name, find, wrong }: { readonly name: string; find(): Promise<Candidate | undefined>; readonly wrong: string },
): Promise<Accepted | Refusal> {
  const { ports, authenticate, knownBrowsers } = context;
  const t = translator(request.language);
  if (!context.csrf.holds(request)) return { status: 403, problem: t('signIn.stale') };
  const methods = chooseLoginMethod(name, await ports.lookups.identityProviders.findMany({}));
  if (!methods.password) return { status: 403, problem: t('signIn.provider', { name: methods.provider?.key }) };
  const accountKey = accountKeyOf(name);
  let verdict: PasswordVerdict;
  try {
    verdict = await authenticate({
      candidate: await find(),
      accountKey,
      source: sourceOf(ports.addressOf(request.raw)),
      knownBrowser: knownBrowsers.find(request, accountKey),
      password: request.form.get('password') ?? '',
    });
  } catch (error) {
    if (isDomainError(error, 'busy')) return { status: 503, problem: t('signIn.busy') };
    throw error;
  }
  if (verdict.outcome === 'accepted') return verdict;
  if (verdict.outcome === 'refused') return { status: 401, problem: wrong };
  const hours = new Intl.DateTimeFormat(request.language, { timeStyle: 'short', timeZone: 'UTC' });
  return { status: 429, problem: t('signIn.throttled', { time: `${hours.format(new Date(verdict.until))} UTC` }) };
}
