import { charge } from '../billing/index.js';
export const money = charge;
