import type { Answer, Caller } from './caller.js';

let count = 0;

export interface RealmOptions {
  readonly customerId?: string;
  readonly quantity?: number;
  readonly premium?: number;
  readonly users?: readonly string[];
}

/** A new realm with some users; its id. */
export async function newRealm(call: Caller, options: RealmOptions = {}): Promise<string> {
  count += 1;
  const realmId = `R${count}`;
  const { customerId = `C-${realmId}`, quantity = 5, premium, users = [] } = options;
  const licences = [{ licenceCode: 'Standard', quantity }];
  if (premium !== undefined) licences.push({ licenceCode: 'Premium', quantity: premium });
  await ok(call('CreateRealm', { ...purchase(realmId, customerId), licences }));
  for (const userId of users) await ok(call('CreateUser', { realmId, user: { userId, email: `${userId}@c.example` } }));
  return realmId;
}

export function purchase(realmId: string, customerId = `C-${realmId}`) {
  return {
    realmId,
    customerId,
    customerName: 'Sunrise Dental',
    applicationId: 'crm',
    offerCode: 'crm-month',
    licences: [{ licenceCode: 'Standard', quantity: 5 }],
  };
}

/** The answer, which must be code 0. */
export async function ok(answer: Promise<Answer>): Promise<Answer> {
  const got = await answer;
  if (got.resultCode !== 0) throw new Error(`code ${got.resultCode}: ${got.resultMessage}`);
  return got;
}
