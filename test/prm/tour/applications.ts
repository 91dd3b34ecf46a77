import { lockOutInstance } from '../../../src/core/provisioning/index.js';
import type { Visit } from './visit.js';

/** Applications: asked for by either side, admitted, refused, changed, moved. */
export async function openApplications({ ok, refused, subject }: Visit): Promise<void> {
  const { sp, app, appGroup } = subject;
  await ok('OpService.createAppGroup', { appGroup: { sla: '<App/>' } });
  await ok('OpService.createAppGroup', { appGroupId: `${appGroup}-2` });
  await ok('OpService.updateAppGroup', { appGroupId: `${appGroup}-2`, appGroup: { sla: '<Other/>' } });
  expect(await ok('OpService.getAppGroup')).toEqual({ $type: 'AppGroup', sla: '<App/>' });
  expect(await ok('OpService.listAppGroups')).toEqual(expect.arrayContaining([appGroup, `${appGroup}-2`]));

  await ok('SpService.registerAppAccountReq', { app: { Name: 'App', Description: 'First\nline' } });
  expect(await ok('SpService.getAppAccountState')).toBe('REGISTERED');
  await ok('OpService.registerAppAccountRes');
  await ok('OpService.registerAppAccountReq', { appAccountId: 'refused' });
  await ok('OpService.registerAppAccountRes', { appAccountId: 'refused', response: 'DISAPPROVE' });
  expect(await ok('OpService.getAppAccount')).toEqual({
    $type: 'AppAccount',
    name: 'App',
    description: 'First\nline',
  });
  expect(await ok('OpService.getAppAccountState')).toBe('ACTIVE');
  expect(await ok('SpService.listAppAccounts', { state: 'ACTIVE' })).toEqual([app]);
  expect(await ok('SpService.listAppAccounts', { state: 'INACTIVE' })).toEqual([]);
  expect(await ok('OpService.listAppAccounts', { spAccountId: sp })).toEqual([
    { $type: 'AppAccountRef', spAccountId: sp, appAccountId: app },
  ]);

  expect(await ok('OpService.getAppGroupId')).toBe(appGroup);
  expect(await ok('SpService.getAppAccountSla')).toBe('<App/>');
  await ok('OpService.moveAppAccountToGroup', { appGroupId: `${appGroup}-2` });
  expect(await ok('SpService.getAppAccountSlaByType')).toBe('<Other/>');
  await ok('OpService.moveAppAccountToGroup');
  await ok('OpService.deleteAppGroup', { appGroupId: `${appGroup}-2` });

  await ok('SpService.updateAppAccountReq', { app: { Name: 'Second' } });
  const pending = await refused('INVALID_STATE', 'OpService.updateAppAccount');
  expect(pending.detail.currentState).toBe('UPDATE_PENDING');
  expect(await ok('OpService.getUpdatePendingAppAccount')).toMatchObject({ $type: 'AppAccount', name: 'Second' });
  await ok('OpService.updateAppAccountRes', { response: 'DISAPPROVE' });
  expect(await ok('SpService.getAppAccount')).toMatchObject({ $type: 'AppAccount', Name: 'App' });
  await ok('OpService.updateAppAccount', { appAccount: { name: 'Third' } });
  expect(await ok('SpService.getAppAccount')).toEqual({ $type: 'AppAccount', Name: 'Third' });
}

/** Application instances, with their traffic password and the lock that wrong ones put on them. */
export async function openInstances({ hub, channelId, ok, refused, subject }: Visit): Promise<void> {
  const { sp, app, inst } = subject;
  await ok('SpService.registerAppInstGroupReq', { appInstGroup: { Name: 'Inst', SLA: '1' } });
  await ok('OpService.registerAppInstGroupRes');
  await ok('OpService.registerAppInstGroupReq', { appInstGroupId: 'refused' });
  await ok('OpService.registerAppInstGroupRes', { appInstGroupId: 'refused', response: 'DISAPPROVE' });
  expect(await ok('SpService.getAppInstGroup')).toEqual({ $type: 'AppInstGroup', Name: 'Inst', SLA: '1' });
  expect(await ok('OpService.getAppInstGroup')).toEqual({ $type: 'AppInstGroup', name: 'Inst', sla: '1' });
  expect(await ok('SpService.getAppInstGroupState')).toBe('ACTIVE');
  expect(await ok('SpService.listAppInstGroups')).toEqual([inst]);
  expect(await ok('OpService.listAppInstGroups', { spAccountId: sp, state: 'ACTIVE' })).toEqual([
    { $type: 'AppInstGroupRef', spAccountId: sp, appAccountId: app, appInstGroupId: inst },
  ]);

  await ok('SpService.updateAppInstGroupReq', { appInstGroup: { Name: 'Second' } });
  const pending = await refused('INVALID_STATE', 'OpService.updateAppInstGroup');
  expect(pending.detail.currentState).toBe('UPDATE_PENDING');
  expect(await ok('OpService.getUpdatePendingAppInstGroup')).toMatchObject({ $type: 'AppInstGroup', name: 'Second' });
  await ok('OpService.updateAppInstGroupRes');
  await ok('OpService.updateAppInstGroup', { appInstGroup: { name: 'Third', description: 'd' } });
  expect(await ok('SpService.getAppInstGroup')).toMatchObject({ Name: 'Third', Description: 'd' });

  await ok('SpService.setAppInstGroupPassword', { newPassword: 'traffic-1' });
  await ok('OpService.setAppInstGroupPassword', { newPassword: 'traffic-2' });
  const instance = await hub.persistence.readers.registry.instance(channelId, sp, app, inst);
  await hub.model((tx) => lockOutInstance(tx, { id: instance!.id }));
  expect(await ok('OpService.getAppInstGroupState')).toBe('LOCKED');
  await ok('OpService.unlockAppInstGroup', { newPassword: 'traffic-3' });
  expect(await ok('OpService.getAppInstGroupState')).toBe('ACTIVE');
}
