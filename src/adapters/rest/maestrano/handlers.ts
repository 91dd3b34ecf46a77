import { cancelGroupHandler, cancelGroupMemberHandler } from './account-webhooks.js';
import type { MaestranoHandler } from './call.js';
import type { Sharing } from './connec/index.js';
import type { Role } from './host/roles.js';
import { metadata } from './metadata.js';
import { consumeHandler, initHandler } from './saml/index.js';
import { createSynchronizations, dependencies } from './synchronizations.js';
import { version } from './version.js';

/** What answers each of our paths. */
export function createHandlers(sharing: Sharing): Readonly<Record<Role, MaestranoHandler>> {
  const synchronizations = createSynchronizations(sharing);
  return {
    metadata,
    samlInit: initHandler,
    samlConsume: consumeHandler,
    cancelGroup: cancelGroupHandler,
    cancelGroupMember: cancelGroupMemberHandler,
    connecNotifications: sharing.notifications,
    synchronizationStatus: synchronizations.status,
    synchronizationStart: synchronizations.start,
    synchronizationToggle: synchronizations.toggle,
    synchronizationMetadata: synchronizations.metadata,
    dependencies,
    version,
  };
}
