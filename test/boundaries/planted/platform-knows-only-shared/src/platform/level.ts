import { charge } from '../core/billing/index.js';
export const level = charge;
