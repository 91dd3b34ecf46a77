import { charge } from '../../core/billing/model.js';
export const page = charge;
