import { z } from 'zod';
export const charge = z;
