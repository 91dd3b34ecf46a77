import { z } from 'zod';
import { operations } from './contract/index.js';

const names: ReadonlySet<string> = new Set(operations.map(({ name }) => name));

// the characters of RFC 3986: what is no URI makes a schema unreadable for some toolkits
const uriText = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/;

/** Other spellings of operation names a site's clients use: alias → operation. */
const operationAliases = z.record(z.string(), z.string()).superRefine((aliases, problems) => {
  for (const [alias, operation] of Object.entries(aliases)) {
    const refuse = (message: string): void => problems.addIssue({ code: 'custom', path: [alias], message });
    if (!/^[A-Za-z_]\w{0,99}$/.test(alias)) refuse('is no name of an operation');
    else if (names.has(alias)) refuse('is an operation itself');
    else if (!names.has(operation)) refuse(`there is no operation ${operation}`);
  }
});

/** Settings of a Kakapo Unity channel; docs/protocols/kakapo.md explains each. */
export const kakapoSettings = z.strictObject({
  getBinding: z.boolean().default(true),
  helpPages: z.boolean().default(true),
  namespace: z.string().max(200).regex(uriText, 'must be an absolute URI').optional(),
  operationAliases: operationAliases.default({}),
});

export type KakapoSettings = z.infer<typeof kakapoSettings>;
