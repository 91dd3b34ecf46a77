import type { LocatedUser } from '../../../../core/hierarchy-reader.js';
import { assignLicense, type License, releaseLicenses } from '../../../../core/licensing/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import { change } from '../command.js';
import type { Input, Operation } from '../context.js';
import { isInTable, type Permutation, permutationOf } from '../license-table.js';
import { locateUser, userName } from '../locate.js';
import { Refusal } from '../refusal.js';
import { need } from '../scope.js';
import { noStock } from '../stock.js';
import { placeName } from '../words.js';

const readPermutation = (input: Input): Permutation =>
  permutationOf(need(input, 'applicationName'), need(input, 'licenseType'));

const AddUserLicense: Operation = async (input, call) => {
  const permutation = readPermutation(input);
  const provider = placeName('system provider', need(input, 'serverHostName'));
  const look = async () => {
    const located = await locateUser(call, input, permutation);
    // What the hub does not sell nobody has bought.
    if (located.licenseType === null) throw noStock(provider, permutation);
    return { ...located, licenseType: located.licenseType };
  };
  await change(call, look, async (tx, located) => {
    const { userId, tenantId } = located.user;
    try {
      await assignLicense(tx, { userId, tenantId, licenseTypeId: located.licenseType });
    } catch (error) {
      throw refusalOf(error, input, permutation, located.user);
    }
  });
  return undefined;
};

/** The words of the service for what keeps somebody from a seat. */
function refusalOf(error: unknown, input: Input, permutation: Permutation, user: LocatedUser): unknown {
  const host = placeName('system provider', need(input, 'serverHostName'));
  if (isDomainError(error, 'unknown_reference')) return noStock(host, permutation);
  if (isDomainError(error, 'other_license_held')) {
    const who = userName(need(input, 'broadworksUserId'));
    return new Refusal(`${who} already holds ${permutation.application} ${error.params.held}`);
  }
  if (!isDomainError(error, 'pool_exhausted')) return error;
  if (error.params.tenantKind === 'group') return noStock(placeName('group', user.place.group), permutation);
  if (error.params.tenantKind === 'reseller') return noStock(placeName('reseller', user.place.reseller), permutation);
  return noStock(host, permutation);
}

const DeleteUserLicense: Operation = async (input, call) => {
  const permutation = readPermutation(input);
  const look = () => locateUser(call, input, permutation);
  await change(call, look, async (tx, { user, licenseType }) => {
    if (licenseType === null) return; // nobody holds what the hub does not sell
    const held = await heldBy(tx, user);
    await releaseLicenses(
      tx,
      held.filter(({ licenseTypeId }) => licenseTypeId === licenseType),
    );
  });
  return undefined;
};

const DeleteUserLicenses: Operation = async (input, call) => {
  const look = () => locateUser(call, input);
  await change(call, look, async (tx, { user }) => {
    const held = await heldBy(tx, user);
    const ours = await Promise.all(held.map((license) => isOfTable(tx, license)));
    await releaseLicenses(
      tx,
      held.filter((_, at) => ours[at]),
    );
  });
  return undefined;
};

/** A seat of something else that the hub sells is not this service's to take away. */
async function isOfTable(tx: Unit, { applicationId }: License): Promise<boolean> {
  const application = await tx.applications.find(applicationId);
  return application?.ownerTenantId === '' && isInTable(application.key);
}

/** By the person: a group has many more, and a database that knows no better would read them all. */
async function heldBy(tx: Unit, { userId, tenantId }: LocatedUser): Promise<License[]> {
  const held = await tx.licenses.findMany({ userId, liveKey: '0' });
  return held.filter((license) => license.tenantId === tenantId);
}

export const licenseOperations = { AddUserLicense, DeleteUserLicense, DeleteUserLicenses };
