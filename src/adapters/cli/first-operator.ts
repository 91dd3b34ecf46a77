import { createUser } from '../../core/identity/index.js';
import { operatorLevels, systemActor } from '../../core/shared/actor.js';
import { randomToken } from '../../platform/secrets.js';
import type { CliHub } from './ports.js';

export interface FirstOperator {
  readonly email: string;
  readonly password: string;
  /** ADMIN_PASSWORD was not set: this is the only time it is shown. */
  readonly generated: boolean;
}

const defaultEmail = 'admin@mercator.localhost';

/**
 * Makes the first operator, level ADMINISTRATOR, when the hub has no operator at all. Undefined when there is one. Processes that
 * start at the same time make one between them.
 */
export async function ensureFirstOperator(hub: CliHub, requestId: string): Promise<FirstOperator | undefined> {
  const actor = systemActor('first run');
  const read = { name: 'operators.read', requestId };
  const present = await hub.uow.run(actor, read, async (tx) => {
    for (const level of Object.values(operatorLevels)) {
      if (level > 0 && (await tx.users.count({ operatorLevel: level, terminatedAt: null })) > 0) return true;
    }
    return false;
  });
  if (present) return undefined;
  const { adminEmail, adminPassword } = hub.config;
  const email = adminEmail ?? defaultEmail;
  const password = adminPassword ?? randomToken();
  const passwordHash = await hub.passwords.hash(password);
  const idempotency = { scope: 'hub', key: 'first operator', content: 'operators.createFirst' };
  const maker = await hub.uow.run(actor, { name: 'operators.createFirst', requestId, idempotency }, async (tx) => {
    await createUser(tx, {
      displayName: 'First operator',
      emails: [{ email, verified: true }],
      operatorLevel: operatorLevels.ADMINISTRATOR,
      passwordHash,
    });
    return requestId;
  });
  return maker === requestId ? { email, password, generated: adminPassword === undefined } : undefined;
}
