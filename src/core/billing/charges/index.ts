export * from './add-charge.js';
export { amountOf, checkUnits, divideHalfEven, isCredit, unitPriceOf } from './amounts.js';
export * from './cancel-charge.js';
export * from './cancel-told.js';
export * from './change-trial.js';
export {
  type Claim,
  type Collected,
  chargeFailed,
  chargeRefused,
  chargeSubmitted,
  chargeUncollectable,
  claimCharge,
} from './collect.js';
export { channelCollects, collectingProtocols, collects } from './collects.js';
export type { ChargeTarget } from './lock-charge.js';
export { periodOf, prorate, worth } from './prorate.js';
export { repriceSubscription } from './reprice-subscription.js';
export * from './retry-charge.js';
export * from './settle-charge.js';
