import { z } from 'zod';
import { namespaceSettings } from './spelling.js';

/** Settings of an Oracle PRM channel; docs/protocols/prm.md explains each. */
export const prmSettings = z.strictObject({
  /** Namespaces of a site that generated its own: docs/protocols/prm.md, Namespaces. */
  namespaces: namespaceSettings.default({}),
  /** Reading accepts the other chapters' spelling of field names too; writing never changes. */
  lenientFieldNames: z.boolean().default(false),
  /** Signatures with SHA-1, which some stacks make unless told otherwise. */
  allowRsaSha1: z.boolean().default(false),
  /** Certificates (PEM) that may vouch for callers' certificates; without any only pinned ones are accepted. */
  trustAnchors: z.array(z.string()).default([]),
  /** Signed messages must say when they were made. */
  requireTimestamp: z.boolean().default(false),
  /** A provider may activate what the operator deactivated. */
  spMayReactivate: z.boolean().default(true),
  /** Strangers may apply for a provider account (SpLogin.registerSpAccountReq). */
  selfRegistration: z.boolean().default(true),
});
export type PrmSettings = z.infer<typeof prmSettings>;
