import { z } from 'zod';

/** Settings of a Kakapo Unity channel (docs/design.md, seed file). */
export const kakapoSettings = z.strictObject({
  getBinding: z.boolean().default(true),
  helpPages: z.boolean().default(true),
  namespace: z.string().min(1).optional(),
  /** Other spellings of operation names a site's clients use: alias → operation. */
  operationAliases: z.record(z.string(), z.string()).default({}),
});

export type KakapoSettings = z.infer<typeof kakapoSettings>;
