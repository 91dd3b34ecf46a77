import { checkNewPassword } from '../../../core/identity/index.js';
import type { MercatorContext } from '../services.js';
import { requireWriter } from './command.js';

/**
 * Hashed before the unit of work, because it takes a while and needs no database. Throws `invalid_value`, `busy`, and `forbidden`
 * for whoever may write nowhere: hashing for strangers would let them keep the hub busy.
 */
export function hashNewPassword(context: MercatorContext, password: string): Promise<string> {
  requireWriter(context);
  return context.services.passwords.hash(checkNewPassword('password', password));
}
