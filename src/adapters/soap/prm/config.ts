import { z } from 'zod';
import { readPem } from '../kit/index.js';
import { namespaceSettings } from './spelling.js';

const certificates = z.string().refine((text) => {
  try {
    return readPem(text).length > 0;
  } catch {
    return false;
  }
}, 'must be certificates in PEM form');
const fingerprint = z
  .string()
  .regex(/^[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}$/, 'must be a SHA-256 in 64 hexadecimal digits');

/** Settings of an Oracle PRM channel; docs/protocols/prm.md explains each. */
export const prmSettings = z.strictObject({
  /** Namespaces of a site that generated its own: docs/protocols/prm.md, Namespaces. */
  namespaces: namespaceSettings.default({}),
  /** Reading accepts the other chapters' spelling of field names too; writing never changes. */
  lenientFieldNames: z.boolean().default(false),
  /** Signatures with SHA-1, which some stacks make unless told otherwise. */
  allowRsaSha1: z.boolean().default(false),
  /** Certificates (PEM) that may vouch for callers' certificates; without any only pinned ones are accepted. */
  trustAnchors: z.array(certificates).default([]),
  /** Fingerprints (SHA-256) of certificates that are refused whoever vouches for them. */
  revokedCertificates: z.array(fingerprint).default([]),
  /** Signed messages must say when they were made. */
  requireTimestamp: z.boolean().default(false),
  /** A provider may activate what the operator deactivated. */
  spMayReactivate: z.boolean().default(true),
  /** Strangers may apply for a provider account (SpLogin.registerSpAccountReq). */
  selfRegistration: z.boolean().default(true),
});
export type PrmSettings = z.infer<typeof prmSettings>;
