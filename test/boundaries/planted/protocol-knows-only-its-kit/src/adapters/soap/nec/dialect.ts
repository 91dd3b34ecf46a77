import { kit } from '../kit/write.js';
import { states } from '../prm/states.js';
export const dialect = [kit, states];
