import type { IncomingMessage } from 'node:http';
import type { Channel } from '../../../../core/marketplace/index.js';
import { readBasic } from '../../../../platform/basic-credentials.js';
import { connectionOf, type MaestranoChannel } from '../connection.js';
import { proofOf } from './authenticate.js';
import { tableOf } from './table.js';

/**
 * Which channel a call on the shared paths is for: that whose marketplace the path or `?marketplace=` names; where several are
 * left, that whose id and key the call shows (every one of them is compared); else that whose id alone it shows, because whoever
 * guesses a key must fail where the right one would open; else the first.
 */
export function chooseChannel(
  request: IncomingMessage,
  path: string,
  channels: readonly Channel[],
): Channel | undefined {
  const all = channels as readonly MaestranoChannel[];
  const url = new URL(`http://hub/maestrano${path}`);
  const spelled = all.filter((channel) => tableOf(channel).spells(url.pathname));
  const named = spelled.length > 0 ? spelled : all.filter((channel) => tableOf(channel).names(url.pathname));
  const asked = url.searchParams.get('marketplace');
  const wanted = named.length > 0 || asked === null ? named : all.filter((one) => one.settings.marketplace === asked);
  const left = wanted.length > 0 ? wanted : all;
  if (left.length === 1) return left[0];
  const proven = left.map((channel) => proofOf(request, connectionOf(channel, '')) === 'proven');
  if (proven.includes(true)) return left[proven.indexOf(true)];
  const shown = readBasic(request.headers.authorization)?.username;
  return left.find((channel) => connectionOf(channel, '')?.api.id === shown) ?? left[0];
}
