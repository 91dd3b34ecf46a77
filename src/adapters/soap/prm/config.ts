import { z } from 'zod';

/** Settings of an Oracle PRM channel (docs/design.md, seed file). */
export const prmSettings = z.strictObject({
  /** Namespace per service name, where a site generated its own. */
  namespaces: z.record(z.string(), z.string()).default({}),
  lenientFieldNames: z.boolean().default(false),
  allowRsaSha1: z.boolean().default(false),
  spMayReactivate: z.boolean().default(false),
  selfRegistration: z.boolean().default(true),
});
