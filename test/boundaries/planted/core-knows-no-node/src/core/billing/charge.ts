import { randomUUID } from 'node:crypto';
export const charge = randomUUID;
