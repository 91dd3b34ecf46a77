import type { Hook } from '../webhooks/hook.js';
export const page: Hook = 1;
