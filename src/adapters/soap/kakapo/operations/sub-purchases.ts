import { returnSubPurchase, subPurchase } from '../../../../core/licensing/index.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import { change } from '../command.js';
import type { Input, KakapoCall, Operation } from '../context.js';
import { type Permutation, permutationOf } from '../license-table.js';
import { groupOf, locate, resellerOf } from '../locate.js';
import { Refusal } from '../refusal.js';
import { need, optional } from '../scope.js';
import { licenseName, noStock } from '../stock.js';
import { capitalized, placeName } from '../words.js';

/** The level a sub-purchase is for, and the one above that sells. */
interface Levels {
  readonly own: string;
  readonly above: string;
}

const ofReseller = (input: Input): Levels => ({
  own: placeName('reseller', need(input, 'resellerId')),
  above: placeName('system provider', need(input, 'serverHostName')),
});
const ofGroup = (input: Input): Levels => ({
  own: placeName('group', need(input, 'groupId')),
  above: placeName('reseller', need(input, 'resellerId')),
});

function read(input: Input): { readonly permutation: Permutation; readonly quantity: number } {
  const permutation = permutationOf(need(input, 'applicationName'), need(input, 'licenseType'));
  const quantity = Number(input.quantity ?? 0);
  if (!(quantity > 0)) throw new Refusal('quantity must be greater than 0');
  return { permutation, quantity };
}

async function look(call: KakapoCall, input: Input, { application, licenseType }: Permutation) {
  const located = await locate(call, input, {
    reseller: need(input, 'resellerId'),
    group: optional(input, 'groupId'),
    licenseType: { application, code: licenseType },
  });
  const reseller = resellerOf(located, input);
  const tenantId = optional(input, 'groupId') === undefined ? reseller : groupOf(located, input);
  return { tenantId, licenseTypeId: located.licenseType };
}

const add =
  (levelsOf: (input: Input) => Levels): Operation =>
  async (input, call) => {
    const { permutation, quantity } = read(input);
    const { own, above } = levelsOf(input);
    const find = () => look(call, input, permutation);
    await change(call, find, async (tx, { tenantId, licenseTypeId }) => {
      if (licenseTypeId === null) throw noStock(above, permutation); // what the hub does not sell nobody has bought
      try {
        await subPurchase(tx, { tenantId, licenseTypeId, quantity });
      } catch (error) {
        if (isDomainError(error, 'pool_exhausted')) {
          const { quantity: has, used } = error.params;
          throw noStock(above, permutation, { quantity: Number(has), used: Number(used) });
        }
        if (!isDomainError(error, 'wrong_state') || error.params.kind !== 'licensePool') throw error;
        throw new Refusal(
          `${capitalized(own)} has its ${licenseName(permutation)} licenses from elsewhere than ${above}`,
        );
      }
    });
    return undefined;
  };

const remove =
  (levelsOf: (input: Input) => Levels): Operation =>
  async (input, call) => {
    const { permutation, quantity } = read(input);
    const { own } = levelsOf(input);
    const license = licenseName(permutation);
    const none = new Refusal(`A sub-purchase of ${license} licenses by ${own} was not found`);
    const find = () => look(call, input, permutation);
    await change(call, find, async (tx, { tenantId, licenseTypeId }) => {
      if (licenseTypeId === null) throw none;
      try {
        await returnSubPurchase(tx, { tenantId, licenseTypeId, quantity });
      } catch (error) {
        if (isDomainError(error, 'quantity_below_use')) {
          const has = Number(error.params.quantity) + quantity;
          throw new Refusal(
            `The sub-purchase of ${own} is ${has} ${license} licenses, of which ${error.params.used} are consumed: it cannot drop by ${quantity}`,
          );
        }
        const boughtItself = isDomainError(error, 'wrong_state') && error.params.kind === 'licensePool';
        throw boughtItself || isDomainError(error, 'unknown_reference') ? none : error;
      }
    });
    return undefined;
  };

export const subPurchaseOperations = {
  AddResellerLicenseSubPurchase: add(ofReseller),
  AddGroupLicenseSubPurchase: add(ofGroup),
  DeleteResellerLicenseSubPurchase: remove(ofReseller),
  DeleteGroupLicenseSubPurchase: remove(ofGroup),
};
