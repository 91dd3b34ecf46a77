import type { Charge } from '../../../../core/billing/index.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { asMaestrano, type Connection, connectionOf, type MaestranoChannel } from '../connection.js';
import { type AccountApi, createAccountApi } from './api.js';
import { AccountFailure } from './failure.js';

export type PlacePorts = Pick<MarketplacePorts, 'lookups' | 'publicUrl' | 'fetch' | 'patienceMs' | 'record' | 'ids'>;

/** A marketplace that can be asked. */
export interface Place {
  readonly channel: MaestranoChannel;
  readonly connection: Connection;
  readonly api: AccountApi;
}

/**
 * The marketplace behind a channel; undefined when the channel is of another protocol, or gone. Throws `AccountFailure`
 * (`unanswered`) while it cannot be asked: switched off, not listed by its platform any more, or nothing told of it yet.
 */
export async function placeOf(ports: PlacePorts, channelId: string): Promise<Place | undefined> {
  const found = await ports.lookups.channels.find(channelId);
  if (found?.protocol !== 'maestrano') return undefined;
  const channel = asMaestrano(found);
  if (channel === undefined) throw new AccountFailure('unanswered', `the settings of ${found.name} are not valid`);
  if (channel.disabledAt !== null)
    throw new AccountFailure('unanswered', `the channel ${channel.name} is switched off`);
  if (channel.suspendedAt !== null)
    throw new AccountFailure('unanswered', `the platform does not list the marketplace of ${channel.name} any more`);
  const connection = connectionOf(channel, ports.publicUrl);
  if (connection === undefined)
    throw new AccountFailure('unanswered', `the platform has told nothing of the marketplace of ${channel.name} yet`);
  return { channel, connection, api: createAccountApi(ports, connection, channelId) };
}

/**
 * The group a charge is billed to, also when it has ended: its instance's, or its tenant's when it is for none. Undefined when the
 * marketplace has no id for it.
 */
export async function groupUidOf(
  { lookups }: Pick<MarketplacePorts, 'lookups'>,
  { channelId, instanceId, tenantId }: Pick<Charge, 'channelId' | 'instanceId' | 'tenantId'>,
): Promise<string | undefined> {
  const target =
    instanceId === ''
      ? ({ kind: 'tenant', targetId: tenantId } as const)
      : ({ kind: 'instance', targetId: instanceId } as const);
  const known = await lookups.externalRefs.findMany({ channelId, ...target });
  return (known.find((ref) => ref.liveKey === '0') ?? known.at(-1))?.externalId;
}
