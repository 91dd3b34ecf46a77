import { found } from '../../shared/checks.js';
import type { Client } from '../model.js';
import { type RegisterClientInput, updateClient } from './register-client.js';

export interface AmendClientInput extends Partial<Omit<RegisterClientInput, 'clientId'>> {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly disabled?: boolean;
}

/** Changes what is named of a client's registration; absent fields stay, the secret too. Errors: as `updateClient`. */
export async function amendClient(tx: Parameters<typeof updateClient>[0], input: AmendClientInput): Promise<Client> {
  const {
    id: _,
    version: _version,
    createdAt: _createdAt,
    disabledAt: _disabledAt,
    clientId: _clientId,
    ...present
  } = found('client', await tx.clients.find(input.id));
  return updateClient(tx, { ...present, secretHash: '', ...input });
}
