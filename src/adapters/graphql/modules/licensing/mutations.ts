import {
  assignLicense,
  moveLicense,
  releaseLicense,
  returnSubPurchase,
  setPoolQuantity,
  subPurchase,
} from '../../../../core/licensing/index.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { AssignLicenseInput, MoveLicenseInput, SetPoolQuantityInput, SubPurchaseInput } from './inputs.js';
import {
  AssignLicenseResult,
  AssignLicenseSuccess,
  LicensePayload,
  LicensePoolPayload,
  ReturnSubPurchaseResult,
  SubPurchaseResult,
  SubPurchaseSuccess,
} from './payloads.js';
import { returnRefusal, seatRefusal, subPurchaseRefusal } from './refusals.js';

async function success({ context }: Call, id: string): Promise<AssignLicenseSuccess> {
  return Object.assign(new AssignLicenseSuccess(), { license: await shown(context, 'licenses', id) });
}

async function drawn({ context }: Call, id: string): Promise<SubPurchaseSuccess> {
  return Object.assign(new SubPurchaseSuccess(), { licensePool: await shown(context, 'licensePools', id) });
}

export const LicensingMutations = mutationsOf('licensing', {
  setPoolQuantity: mutation(
    SetPoolQuantityInput,
    LicensePoolPayload,
    'Sets how many seats a tenant has, bought or drawn from the pool above.',
    async (input, call) => {
      const pool = given(input, { instanceId: '' });
      const id = await call.change((tx) => setPoolQuantity(tx, pool));
      return { licensePool: await shown(call.context, 'licensePools', id) };
    },
  ),
  subPurchaseLicenses: mutation(
    SubPurchaseInput,
    SubPurchaseResult,
    'Moves so many more seats from the pool of the tenant directly above to this tenant’s.',
    (input, call) => {
      const more = given(input, {});
      return call.change((tx) => subPurchase(tx, more)).then((id) => drawn(call, id), subPurchaseRefusal);
    },
  ),
  returnSubPurchase: mutation(
    SubPurchaseInput,
    ReturnSubPurchaseResult,
    'Gives so many seats of a tenant’s pool back to the pool it draws from; never what is used.',
    (input, call) => {
      const back = given(input, {});
      return call.change((tx) => returnSubPurchase(tx, back)).then((id) => drawn(call, id), returnRefusal);
    },
  ),
  assignLicense: mutation(
    AssignLicenseInput,
    AssignLicenseResult,
    'Gives a member one seat, from the nearest pool that has one; one already held is the answer again.',
    (input, call) => {
      const seat = given(input, { instanceId: '' });
      return call.change((tx) => assignLicense(tx, seat)).then((id) => success(call, id), seatRefusal);
    },
  ),
  moveLicense: mutation(
    MoveLicenseInput,
    AssignLicenseResult,
    'Gives somebody’s seat to another member in one step.',
    (input, call) => {
      const seat = given(input, {});
      return call.change((tx) => moveLicense(tx, seat)).then((id) => success(call, id), seatRefusal);
    },
  ),
  releaseLicense: mutation(TargetInput, LicensePayload, 'Gives a seat back to its pool.', async (input, call) => {
    const id = await call.change((tx) => releaseLicense(tx, input));
    return { license: await shown(call.context, 'licenses', id) };
  }),
});
