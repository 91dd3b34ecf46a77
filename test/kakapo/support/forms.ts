import { type Login, type Outcome, type Parameters, readOutcome } from './soap.js';

export interface FormOptions {
  readonly login?: Login | null;
  readonly method?: 'GET' | 'POST';
  readonly address?: string;
  readonly url?: string;
}

export type FormCall = (operation: string, parameters?: Parameters) => Promise<Outcome>;

/** A script with curl: parameters as a form, or in the address. */
export function createFormCaller(base: string, options: FormOptions = {}): FormCall {
  const { login = null, method = 'POST', address, url = base } = options;
  return async (operation, parameters = {}) => {
    const form = encodeForm({ ...login, ...parameters });
    const headers: Record<string, string> = address === undefined ? {} : { 'x-test-address': address };
    const response =
      method === 'GET'
        ? await fetch(`${url}/${operation}?${form}`, { headers })
        : await fetch(`${url}/${operation}`, {
            method,
            headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
            body: form,
          });
    return readOutcome(response.status, await response.text());
  };
}

export function encodeForm(parameters: Parameters): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
}
