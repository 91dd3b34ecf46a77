import { checkNewPassword, shortestPassword } from '../../../core/identity/index.js';
import { isDomainError } from '../../../core/shared/errors.js';
import type { Language } from '../pages/languages.js';
import { translator } from '../pages/languages.js';

/** The new password of a form, or what is wrong with it in the page's words. */
export function readNewPassword(
  form: URLSearchParams,
  language: Language,
): { readonly password: string } | { readonly problem: string } {
  const t = translator(language);
  const password = form.get('password') ?? '';
  if (password !== form.get('repeat')) return { problem: t('setPassword.differ') };
  try {
    return { password: checkNewPassword('password', password) };
  } catch (error) {
    if (!isDomainError(error, 'invalid_value')) throw error;
    const long = [...password].length > shortestPassword;
    return { problem: t(long ? 'setPassword.long' : 'setPassword.short', { count: shortestPassword }) };
  }
}
