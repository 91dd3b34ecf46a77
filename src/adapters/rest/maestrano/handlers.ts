import type { MaestranoHandler } from './call.js';
import type { Role } from './host/roles.js';
import { metadata } from './metadata.js';
import { version } from './version.js';

/** What answers each of our paths. */
export const handlers: Readonly<Partial<Record<Role, MaestranoHandler>>> = {
  metadata,
  version,
};
