import { operatorPassword } from '../support/hub.js';
import type { Visit } from './visit.js';

/** Stops each level and lets it go on, from above and from below, and is refused what INACTIVE does not allow. */
export async function stopAndGoOn({ ok, refused }: Visit): Promise<void> {
  const inactive = async (name: string): Promise<void> => {
    expect((await refused('INVALID_STATE', name)).detail.currentState).toBe('INACTIVE');
  };
  for (const service of ['SpService', 'OpService']) {
    for (const entity of ['SpAccount', 'AppAccount', 'AppInstGroup']) {
      await ok(`${service}.deactivate${entity}`);
      await inactive(`${service}.deactivate${entity}`);
      if (service === 'SpService') await inactive(`SpService.update${entity}Req`);
      if (entity === 'SpAccount') await inactive(`${service}.registerAppAccountReq`);
      if (entity === 'AppAccount') await inactive(`${service}.registerAppInstGroupReq`);
      await ok(`${service}.activate${entity}`);
    }
  }
}

/** From the inside out: the operator refuses one deletion and admits the others. */
export async function closeEverything({ ok, refused, subject, as }: Visit): Promise<void> {
  await ok('SpService.deactivateAppInstGroup');
  await ok('SpService.deleteAppInstGroupReq');
  await ok('OpService.deleteAppInstGroupRes', { response: 'DISAPPROVE' });
  expect(await ok('SpService.getAppInstGroupState')).toBe('INACTIVE');
  await ok('OpService.deleteAppInstGroupReq');
  await ok('OpService.deleteAppInstGroupRes');
  await refused('CommonException', 'SpService.getAppInstGroupState');

  await ok('SpService.deactivateAppAccount');
  await ok('SpService.deleteAppAccountReq');
  await ok('OpService.deleteAppAccountRes', { response: 'DISAPPROVE' });
  await ok('OpService.deleteAppAccountReq');
  await ok('OpService.deleteAppAccountRes');
  expect(await ok('SpService.listAppAccounts')).toEqual([]);

  await ok('SpService.deactivateSpAccount');
  await ok('SpService.deleteSpAccountReq');
  await ok('OpService.deleteSpAccountRes', { response: 'DISAPPROVE' });
  await ok('OpService.deleteSpAccountReq');
  await ok('OpService.deleteSpAccountRes');
  await refused('CommonException', 'OpService.getSpAccount');
  await refused('ACCESS_DENIED', 'SpService.getSpAccount');
  // their records stay, for the operator
  expect(await ok('OpCdrUtil.countCdrs', { spAccountId: subject.sp })).toBe(2n);

  await ok('OpService.deleteSpGroup');
  await ok('OpService.deleteAppGroup');
  const { ticket } = as.op as { ticket: string };
  await ok('OpLogin.logout', { loginTicket: ticket });
  await refused('CommonException', 'OpService.getUserLevel');
  as.op = { username: 'op-admin', password: operatorPassword };
  await ok('OpService.changeOpAccountPassword', { newPassword: 'between-2' });
  as.op = { username: 'op-admin', password: 'between-2' };
  await ok('OpService.changeOpAccountPassword', { oldPassword: 'between-2', newPassword: operatorPassword });
}
