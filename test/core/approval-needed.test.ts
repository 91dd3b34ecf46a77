import { defineApplication, updateApplication } from '../../src/core/catalog/index.js';
import { configureChannel } from '../../src/core/marketplace/index.js';
import {
  askApproval,
  configureInstance,
  decideApproval,
  registerApplication,
  registerInstance,
  registerProvider,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { updateTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { member, operator, outcome, perform, system } from './support/hub.js';

onEveryDatabase('what an operator approves', (db) => {
  const run = <T>(work: (tx: Unit) => Promise<T>) => perform(db, system, work);
  const approve = async (objectId: string) =>
    run(async (tx) =>
      decideApproval(tx, { id: (await tx.approvals.findOne({ openKey: objectId }))!.id, approve: true }),
    );

  it('is asked for by its owner, and changed directly by the operator alone, whatever they call through', async () => {
    const channel = await run((tx) => configureChannel(tx, { name: 'gatekeeper', protocol: 'prm', settings: {} }));
    const provider = await run((tx) =>
      registerProvider(tx, { channelId: channel.id, externalId: 'acme', passwordHash: 'hash' }),
    );
    await approve(provider.id);
    const application = await run((tx) => registerApplication(tx, { tenantId: provider.id, externalId: 'sms' }));
    await approve(application.id);
    const instance = await run((tx) =>
      registerInstance(tx, { applicationId: application.id, externalId: 'node', passwordHash: 'hash' }),
    );
    await approve(instance.id);

    const direct: ((tx: Unit) => Promise<unknown>)[] = [
      (tx) => updateTenant(tx, { id: provider.id, name: 'Other' }),
      (tx) => updateApplication(tx, { id: application.id, name: 'Other' }),
      (tx) => configureInstance(tx, { id: instance.id, description: 'Other' }),
      (tx) => defineApplication(tx, { ownerTenantId: provider.id, key: 'more', name: 'More' }),
      (tx) => terminateObject(tx, { kind: 'instance', id: instance.id }),
    ];
    const owner: Actor = member(provider.id, ['OWNER']);
    for (const command of direct) expect(await outcome(perform(db, owner, command))).toBe('forbidden');
    const asked = await perform(db, owner, (tx) =>
      askApproval(tx, { kind: 'tenant', id: provider.id, approval: 'update', proposed: { name: 'Other' } }),
    );
    expect(asked.status).toBe('OPEN');
    await approve(provider.id);
    for (const command of direct) expect(await outcome(perform(db, operator(666), command))).toBe('done');
  });
});
