import type { Caller } from './caller.js';
import { ok, purchase } from './world.js';

/** The realms the message cases speak of. */
export async function standardWorld(call: Caller): Promise<void> {
  const realm = (realmId: string, quantity: number) =>
    ok(
      call('CreateRealm', {
        ...purchase(realmId, 'C100'),
        licences: [
          { licenceCode: 'Standard', quantity },
          { licenceCode: 'Premium', quantity: 1 },
        ],
      }),
    );
  const user = (realmId: string, userId: string) =>
    ok(
      call('CreateUser', {
        realmId,
        user: { userId, loginName: `login-${userId}`, email: `${userId}@c100.example`, licenceCodes: ['Standard'] },
      }),
    );
  // R100: active, two users, room for three more
  await realm('R100', 5);
  await ok(call('SetupRealm', { realmId: 'R100', parameters: [{ name: 'zone', value: 'Europe/Madrid' }] }));
  await user('R100', 'U1');
  await user('R100', 'U7');
  await ok(call('CreateUser', { realmId: 'R100', user: { userId: 'gone' } }));
  await ok(call('DeleteUser', { realmId: 'R100', userId: 'gone' }));
  // R200: only the realm was disabled
  await realm('R200', 1);
  await user('R200', 'U1');
  await ok(call('UpdateRealmStatus', { realmId: 'R200', status: 7 }));
  // R300: realm and user were disabled
  await realm('R300', 1);
  await user('R300', 'U1');
  await ok(call('DisableUser', { realmId: 'R300', userId: 'U1' }));
  await ok(call('DisableRealm', { realmId: 'R300' }));
  // R400: deleted
  await realm('R400', 1);
  await ok(call('DeleteRealm', { realmId: 'R400' }));
}
