export { type AccountApi, type Bills, createAccountApi } from './api.js';
export { billBeforeEnd } from './before-end.js';
export { billCheckTask } from './bill-check.js';
export { createBillingSubscriber } from './billing-subscriber.js';
export { checkBill } from './check-bill.js';
export { AccountFailure, isFailure, isMissing } from './failure.js';
export { createBillLoop } from './left-over.js';
export { createPasswordCheck } from './password-check.js';
export { nameReseller, resellerTask } from './reseller.js';
