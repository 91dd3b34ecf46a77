import { gone } from './gone.js';
export const level = gone;
