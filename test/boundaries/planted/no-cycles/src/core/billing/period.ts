import { charge } from './charge.js';
export const period = (): unknown => charge;
