import { issueMarketplaceLogin } from '../../../src/core/identity/index.js';
import { hashToken, randomToken } from '../../../src/platform/secrets.js';
import type { World } from './world.js';

/** What a marketplace's Login answers: a session handle and the one-time sign-in URL. */
export async function marketplaceLogin(world: World, options: { userId?: string; returnUrl?: string } = {}) {
  const secret = randomToken();
  const handle = randomToken();
  const { session } = await world.run((tx) =>
    issueMarketplaceLogin(tx, {
      userId: options.userId ?? world.mina.id,
      tenantId: world.tenant.id,
      instanceId: world.instance.id,
      channelId: 'chn_1',
      tokenHash: hashToken(secret),
      handleHash: hashToken(handle),
      returnUrl: options.returnUrl ?? '',
      locale: '',
      tokenTtlMs: 60_000,
      sessionTtlMs: 3_600_000,
    }),
  );
  return { url: `${world.publicUrl}/sso/ncbs/enter?t=${secret}`, secret, handle, session };
}
