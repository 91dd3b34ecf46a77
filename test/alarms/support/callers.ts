import type { Actor } from '../../../src/core/shared/actor.js';

export const operator = (level: number, userId = 'usr_1', ceiling = 1000): Actor => ({
  kind: 'operator',
  userId,
  name: 'Olga',
  level,
  ceiling,
});

export const accountOf = (
  channelId: string,
  { level, tenantId = null }: { readonly level: number | null; readonly tenantId?: string | null },
): Actor => ({ kind: 'serviceAccount', serviceAccountId: 'sac_1', username: 'prm', channelId, tenantId, level });
