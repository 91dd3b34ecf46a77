import { period } from './period.js';
export const charge = (): unknown => period;
