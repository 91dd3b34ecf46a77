import { defineApplication } from '../../../src/core/catalog/index.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import { provisionInstance } from '../../../src/core/provisioning/index.js';
import {
  type CreateGroupInput,
  createGroup,
  moveToGroup,
  setAgreement,
  type UpdateGroupInput,
  updateGroup,
} from '../../../src/core/servicelevels/index.js';
import type { Actor } from '../../../src/core/shared/actor.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import { perform, system } from '../../core/support/hub.js';
import type { TestDatabase } from '../../support/databases.js';

export type Stage = Awaited<ReturnType<typeof makeStage>>;

/** A service account of a channel's operator, or of a tenant there. */
export const account = (channelId: string, level: number | null, tenantId: string | null = null): Actor => ({
  kind: 'serviceAccount',
  serviceAccountId: 'sac_1',
  username: 'op',
  channelId,
  tenantId,
  level,
});

/** Two channels; a provider with an application and an instance of it on the first, another provider on the second. */
export async function makeStage(db: TestDatabase) {
  const made = await perform(db, system, async (tx) => {
    const channel = await configureChannel(tx, { name: 'prm-a', protocol: 'prm', settings: {} });
    const otherChannel = await configureChannel(tx, { name: 'prm-b', protocol: 'prm', settings: {} });
    const provider = await createTenant(tx, { kind: 'reseller', name: 'Provider', channelId: channel.id });
    const rival = await createTenant(tx, { kind: 'reseller', name: 'Rival', channelId: channel.id });
    const elsewhere = await createTenant(tx, { kind: 'reseller', name: 'Else', channelId: otherChannel.id });
    const application = await defineApplication(tx, { key: 'sms', name: 'SMS', ownerTenantId: provider.id });
    const place = { tenantId: provider.id, applicationId: application.id, channelId: channel.id };
    const { instance } = await provisionInstance(tx, place);
    return { channel, otherChannel, provider, rival, elsewhere, application, instance };
  });
  const { channel } = made;
  const op = account(channel.id, 666);
  return {
    ...made,
    op,
    create: (input: Partial<CreateGroupInput> = {}, actor: Actor = op) =>
      perform(db, actor, (tx) =>
        createGroup(tx, { channelId: channel.id, memberKind: 'tenant', key: 'gold', ...input }, findXmlFault),
      ),
    update: (input: UpdateGroupInput, actor: Actor = op) =>
      perform(db, actor, (tx) => updateGroup(tx, input, findXmlFault)),
    move: (id: string, groupId: string, actor: Actor = op) =>
      perform(db, actor, (tx) => moveToGroup(tx, { id, groupId })),
    agree: (targetId: string, type: string, document = '<Sla/>', actor: Actor = op) =>
      perform(db, actor, (tx) => setAgreement(tx, { targetId, type, document }, findXmlFault)),
  };
}
