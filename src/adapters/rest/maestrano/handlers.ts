import { cancelGroupHandler, cancelGroupMemberHandler } from './account-webhooks.js';
import type { MaestranoHandler } from './call.js';
import type { Role } from './host/roles.js';
import { metadata } from './metadata.js';
import { consumeHandler, initHandler } from './saml/index.js';
import { version } from './version.js';

/** What answers each of our paths. */
export const handlers: Readonly<Partial<Record<Role, MaestranoHandler>>> = {
  metadata,
  samlInit: initHandler,
  samlConsume: consumeHandler,
  cancelGroup: cancelGroupHandler,
  cancelGroupMember: cancelGroupMemberHandler,
  version,
};
