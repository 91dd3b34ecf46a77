import { page } from '../adapters/cli/page.js';
export const store = page;
