import { charge } from '../billing/model.js';
export const count = charge;
