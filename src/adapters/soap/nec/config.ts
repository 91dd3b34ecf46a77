import { z } from 'zod';

export const disabledStatus = 7;
export const deletedStatus = 9;

const absoluteUrl = z.string().refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username + url.password + url.search + url.hash === ''
  );
}, 'must be an absolute http(s) URL without credentials, query or fragment');

/** Settings of one NEC channel; docs/protocols/nec.md explains each. */
export const necSettings = z
  .strictObject({
    mkpVersion: z.enum(['4.2', '4.3']).default('4.3'),
    /** Status values that mean "active"; the first is the one we answer with. */
    enabledStatusValues: z
      .array(z.int().refine((value) => value !== disabledStatus && value !== deletedStatus, '7 and 9 are taken'))
      .min(1)
      .default([1]),
    /** Enabling what no disable is on record for: 0 instead of 7. */
    lenientEnable: z.boolean().default(false),
    /** Default: on from 4.3. A 4.2 connection never has it. */
    delegatedAuthentication: z.boolean().optional(),
    /** Give a temporary password back from CreateUser. */
    initialPassword: z.boolean().default(false),
    /** Where a sign-in may lead: origin and path prefix. */
    returnUrls: z.array(absoluteUrl).default([]),
    namespace: z.string().min(1).max(200).optional(),
    /** Other names of operations: theirs → ours. */
    operationAliases: z.record(z.string().regex(/^[A-Za-z_][\w.-]*$/), z.string()).default({}),
    /** Validate requests against the schema instead of reading them leniently. */
    strictSchema: z.boolean().default(false),
    /** Applications whose parameters are strict: application key → the names allowed. */
    parameterNames: z.record(z.string(), z.array(z.string())).default({}),
  })
  .refine((settings) => settings.mkpVersion !== '4.2' || settings.delegatedAuthentication !== true, {
    path: ['delegatedAuthentication'],
    message: 'needs mkpVersion 4.3',
  })
  .transform(({ delegatedAuthentication, ...settings }) => ({
    ...settings,
    delegatedAuthentication: settings.mkpVersion !== '4.2' && (delegatedAuthentication ?? true),
  }));

export type NecSettings = z.output<typeof necSettings>;
