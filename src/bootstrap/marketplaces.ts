import type { z } from 'zod';
import type { Marketplace } from '../adapters/marketplace.js';
import { maestrano } from '../adapters/rest/maestrano/index.js';
import { kakapo } from '../adapters/soap/kakapo/index.js';
import { nec } from '../adapters/soap/nec/index.js';
import { prm } from '../adapters/soap/prm/index.js';
import type { Protocol } from '../core/marketplace/index.js';
import { invalid } from '../core/shared/errors.js';

/**
 * THE list of protocols. A channel of a protocol without a marketplace can be configured and is not served.
 */
export const marketplaces: Readonly<Record<Protocol, Marketplace | undefined>> = {
  nec: nec as Marketplace,
  prm: prm as Marketplace,
  kakapo: kakapo as Marketplace,
  maestrano: maestrano as Marketplace,
};

/** How each protocol checks `channels[].settings`. */
export const channelSettings: Readonly<Record<Protocol, z.ZodType>> = {
  nec: nec.settings,
  prm: prm.settings,
  kakapo: kakapo.settings,
  maestrano: maestrano.settings,
};

/** Throws `invalid_value` naming the first setting the protocol does not take. */
export function checkChannelSettings(protocol: Protocol, settings: Readonly<Record<string, unknown>>): void {
  const result = channelSettings[protocol].safeParse(settings);
  if (result.success) return;
  const issue = result.error.issues[0];
  throw invalid(['settings', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'is not valid');
}
