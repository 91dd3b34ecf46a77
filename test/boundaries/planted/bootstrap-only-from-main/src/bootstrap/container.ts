import { clock } from '../core/shared/clock.js';
export const container = clock;
