import { z } from 'zod';

const developerPlatform = z.strictObject({
  host: z.url({ protocol: /^https?$/ }),
  apiPath: z.string().startsWith('/'),
  environment: z.string().min(1),
  apiKey: z.string().min(1),
  apiSecret: z.string().min(1),
});

const api = z.strictObject({
  id: z.string().min(1),
  key: z.string().min(1),
  host: z.url({ protocol: /^https?$/ }),
  base: z.string().startsWith('/'),
});

/** Settings of a Maestrano channel (docs/design.md, seed file): either `developerPlatform` or `api`. */
export const maestranoSettings = z
  .strictObject({
    marketplace: z.string().min(1),
    developerPlatform: developerPlatform.optional(),
    api: api.optional(),
    application: z.string().min(1),
    plan: z.string().min(1).optional(),
    creationMode: z.enum(['real', 'virtual']).default('real'),
    allowSha1: z.boolean().default(false),
    linkByEmail: z.enum(['verified', 'confirm', 'never']).default('verified'),
  })
  .refine((settings) => (settings.developerPlatform === undefined) !== (settings.api === undefined), {
    error: 'needs either developerPlatform or api',
  });
