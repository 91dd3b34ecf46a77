import { createHash } from 'node:crypto';
import { changePurchase, scheduleChange } from '../../../../core/billing/index.js';
import { eraseProfiles } from '../../../../core/identity/index.js';
import { bindExternalRef, findExternalRef, putChannelRecord } from '../../../../core/marketplace/index.js';
import {
  configureInstance,
  type Instance,
  provisionInstance,
  terminateObject,
} from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { DomainError, invalid } from '../../../../core/shared/errors.js';
import { createTenant, type Tenant, updateTenant } from '../../../../core/tenancy/index.js';
import { accessInfo } from '../access-info.js';
import { needApplication, needPlan, readQuantities, typesInOrder } from '../catalog.js';
import { runCommand } from '../command.js';
import type { Fields, NecCall, Operation } from '../context.js';
import { licenceItems } from '../dialect.js';
import { lockRealm } from '../lookup.js';
import { addUser } from '../members.js';
import {
  type CreateRealmInput,
  contentOf,
  type DeleteRealmInput,
  type ModifyRealmInput,
  need,
  type ParameterItem,
  readParameters,
  type SetupRealmInput,
  type UpdateRealmInput,
} from '../messages.js';

/** What a realm was made from, to tell "the same again" from "something else" (spec NEC 4.9). */
const creationRecord = 'nec.realm';

/** Use case 1A: customer found or made, instance, subscription, pools, first administrator; all or nothing. */
export const createRealm: Operation = (input: CreateRealmInput, call) =>
  runCommand(call, input, async (tx) => {
    const { id: channelId } = call.channel;
    const wantedId = input.realmId === undefined || input.realmId === '' ? undefined : need('realmId', input.realmId);
    const present = wantedId && (await findExternalRef(tx, { channelId, kind: 'instance', externalId: wantedId }));
    if (present) return repeated(tx, call, input, present.targetId);

    const application = await needApplication(tx, input.applicationId);
    const plan = await needPlan(tx, application.id, input.offerCode);
    const licenses = await readQuantities(tx, application.id, input.licences);
    const parameters = readAllowed(call, application.key, input.parameters ?? []);
    const tenant = await customer(tx, call, input);
    const { instance } = await provisionInstance(tx, {
      tenantId: tenant.id,
      applicationId: application.id,
      channelId,
      parameters,
      planId: plan.id,
      licenses,
      ...(input.trialEnd === undefined ? {} : { trialEndsAt: input.trialEnd }),
    });
    const realmId = wantedId ?? instance.id;
    await bindExternalRef(tx, { channelId, kind: 'instance', externalId: realmId, targetId: instance.id });
    const key = { channelId, kind: creationRecord, parentId: instance.id, externalId: realmId };
    await putChannelRecord(tx, key, { content: fingerprint(input) });
    if (input.adminUser !== undefined) {
      await addUser(tx, call, instance, { fields: input.adminUser, roles: ['ADMIN'], seatless: true });
    }
    return { realmId, accessInfo: await accessInfo(tx, call, instance) };
  });

/** The natural key: the same data again is the same answer, other data is code 4, a deleted realm keeps its id (code 5). */
async function repeated(tx: Unit, call: NecCall, input: CreateRealmInput, instanceId: string): Promise<Fields> {
  const { id: channelId } = call.channel;
  const externalId = need('realmId', input.realmId);
  const instance = await tx.instances.find(instanceId);
  if (!instance || instance.terminatedAt !== null) throw new DomainError('terminated', { kind: 'instance' });
  const record = await tx.channelRecords.findOne({ channelId, kind: creationRecord, parentId: instanceId, externalId });
  if (record?.data.content !== fingerprint(input))
    throw new DomainError('already_exists', { kind: 'instance', key: externalId });
  return { realmId: externalId, accessInfo: await accessInfo(tx, call, instance) };
}

/** Of the administrator only the id counts, so that no personal data outlives a purge in a hash. */
function fingerprint(input: CreateRealmInput): string {
  const { adminUser, ...rest } = input;
  const content = contentOf('CreateRealm', { ...rest, ...(adminUser && { adminUser: adminUser.userId ?? '' }) });
  return createHash('sha256').update(content).digest('base64url');
}

async function customer(tx: Unit, call: NecCall, input: CreateRealmInput): Promise<Tenant> {
  const { id: channelId } = call.channel;
  const externalId = need('customerId', input.customerId);
  const name = need('customerName', input.customerName);
  const ref = await findExternalRef(tx, { channelId, kind: 'tenant', externalId });
  const known = ref && (await tx.tenants.rely(ref.targetId));
  if (known) return known;
  const country = input.country ?? '';
  const tenant = await createTenant(tx, { kind: 'customer', name, channelId, country });
  await bindExternalRef(tx, { channelId, kind: 'tenant', externalId, targetId: tenant.id });
  return tenant;
}

/** Use case 1B. Parameters are merged; unknown names are refused only where the connection says which there are. */
export const setupRealm: Operation = (input: SetupRealmInput, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    if (input.parameters === undefined) throw invalid('parameters', 'is required');
    const configured = await configure(tx, call, instance, input.parameters);
    return { accessInfo: await accessInfo(tx, call, configured) };
  });

async function configure(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  items: readonly ParameterItem[],
): Promise<Instance> {
  const application = await tx.applications.find(instance.applicationId);
  const parameters = readAllowed(call, application?.key ?? '', items);
  return configureInstance(tx, { id: instance.id, parameters });
}

function readAllowed(call: NecCall, applicationKey: string, items: readonly ParameterItem[]): Record<string, string> {
  const parameters = readParameters(items);
  const allowed = Object.hasOwn(call.settings.parameterNames, applicationKey)
    ? call.settings.parameterNames[applicationKey]
    : undefined;
  const unknown = Object.keys(parameters).find((name) => allowed?.includes(name) === false);
  if (unknown !== undefined) throw invalid('parameters', `"${unknown}" is not known`);
  return parameters;
}

/** Use case 2: absolute quantities, now or from a day on; below what is in use nothing changes (code 8). */
export const modifyRealm: Operation = (input: ModifyRealmInput, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const { applicationId, id: instanceId } = instance;
    const onlyPlan = input.offerCode !== undefined && (input.licences === undefined || input.licences.length === 0);
    const quantities = onlyPlan ? [] : await readQuantities(tx, applicationId, input.licences);
    const plan = input.offerCode === undefined ? undefined : await needPlan(tx, applicationId, input.offerCode);
    const change = { quantities, ...(plan && { planId: plan.id }) };
    if (input.effectiveOn !== undefined && input.effectiveOn > tx.now) {
      await scheduleChange(tx, { instanceId, change, dueAt: input.effectiveOn });
    } else {
      await changePurchase(tx, { instanceId, ...change });
    }
    return { licences: await bought(tx, instance) };
  });

async function bought(tx: Unit, { id: instanceId, applicationId }: Instance): Promise<readonly Fields[]> {
  const pools = await tx.licensePools.findMany({ instanceId });
  const types = await typesInOrder(tx, applicationId);
  return licenceItems(
    types.flatMap(({ id, code }) => {
      const pool = pools.find((candidate) => candidate.licenseTypeId === id);
      return pool ? [{ code, quantity: pool.quantity }] : [];
    }),
  );
}

/** Use case 3: the profile of customer and instance. `contact` is an e-mail address, or a name. */
export const updateRealm: Operation = (input: UpdateRealmInput, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input);
    const { customerName, country, contact, parameters } = input;
    if (customerName !== undefined || country !== undefined || contact !== undefined) {
      await updateTenant(tx, {
        id: instance.tenantId,
        ...(customerName === undefined ? {} : { name: need('customerName', customerName) }),
        ...(country === undefined ? {} : { country }),
        ...(contact === undefined ? {} : { contact: contact.includes('@') ? { email: contact } : { name: contact } }),
      });
    }
    if (parameters !== undefined) await configure(tx, call, instance, parameters);
    return {};
  });

/** Use case 9. Rows stay; `purge` empties what they say about people. Deleting again answers 0. */
export const deleteRealm: Operation = (input: DeleteRealmInput, call) =>
  runCommand(call, input, async (tx) => {
    const instance = await lockRealm(tx, call, input, { deletedToo: true });
    if (instance.terminatedAt === null) await terminateObject(tx, { kind: 'instance', id: instance.id });
    if (input.purge === true) await eraseProfiles(tx, { instanceId: instance.id });
    return {};
  });
