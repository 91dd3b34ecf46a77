import { container } from './bootstrap/container.js';
export const stray = container;
