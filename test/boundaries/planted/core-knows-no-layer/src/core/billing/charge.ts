import { level } from '../../platform/level.js';
export const charge = level;
