import { providerPassword } from '../support/hub.js';
import { nil, type Visit } from './visit.js';

const bean = {
  Name: 'Größe & <Söhne> €',
  Address: 'Hauptstraße 1\n10115 Berlin',
  EMailAddress: 'zoë@example.com',
  ContactPerson: 'Zoë',
  PhoneNumber: '+49 30 1',
  Properties: { item: [{ Name: 'tier', Value: 'a<b' }, { Name: 'marked' }] },
};

/** A provider applies, and the operator makes groups, admits it and changes its mind about the group. */
export async function openProvider({ ok, subject, as }: Visit): Promise<void> {
  await ok('SpLogin.registerSpAccountReq', { spAccount: bean });
  as.op = { ticket: String(await ok('OpLogin.login')) };
  expect(await ok('OpService.getUserLevel')).toBe('ADMINISTRATOR');

  const [gold, bronze] = [subject.spGroup, `${subject.spGroup}-2`];
  await ok('OpService.createSpGroup', { spGroup: { sla: '<Sla>1</Sla>' } });
  await ok('OpService.updateSpGroup', {
    spGroup: { sla: '<Sla>Größe</Sla>', properties: { item: [{ name: 'k', value: 'v' }] } },
  });
  expect(await ok('OpService.getSpGroup')).toEqual({
    $type: 'SpGroup',
    sla: '<Sla>Größe</Sla>',
    properties: { $type: 'ArrayOf_tns1_Property', item: [{ $type: 'Property', name: 'k', value: 'v' }] },
  });
  await ok('OpService.createSpGroup', { spGroupId: bronze, spGroup: { sla: nil } });
  expect(await ok('OpService.listSpGroups')).toEqual(expect.arrayContaining([gold, bronze]));

  expect(await ok('OpService.getSpAccountState')).toBe('REGISTERED');
  expect(await ok('OpService.listSpAccounts', { state: 'REGISTERED' })).toContain(subject.sp);
  expect(await ok('OpService.getSpAccount')).toEqual({
    $type: 'SpAccount',
    name: bean.Name,
    address: bean.Address,
    eMailAddress: bean.EMailAddress,
    contactPerson: bean.ContactPerson,
    phoneNumber: bean.PhoneNumber,
    properties: {
      $type: 'ArrayOf_tns1_Property',
      item: [
        { $type: 'Property', name: 'tier', value: 'a<b' },
        { $type: 'Property', name: 'marked' },
      ],
    },
  });
  await ok('OpService.registerSpAccountRes');
  expect(await ok('OpService.getSpGroupId')).toBe(gold);
  await ok('OpService.moveSpToGroup', { SpGroupId: bronze });
  await ok('OpService.moveSpToGroup');
  await ok('OpService.deleteSpGroup', { spGroupId: bronze });

  await ok('OpService.registerSpAccountReq', { spAccountId: `${subject.sp}-2` });
  await ok('OpService.registerSpAccountRes', { spAccountId: `${subject.sp}-2`, response: 'DISAPPROVE' });
}

/** The provider changes its own data and passwords, by a session of the old kind. */
export async function useProvider({ ok, refused, subject, as }: Visit): Promise<void> {
  const withPassword = as.sp;
  as.sp = { ticket: String(await ok('SpLogin.login')) };
  expect(await ok('SpService.getSpAccountState')).toBe('ACTIVE');
  expect(await ok('SpService.getSpAccount')).toMatchObject({ $type: 'SpAccount', Name: bean.Name });
  expect(await ok('SpService.getSpAccountSla')).toBe('<Sla>Größe</Sla>');
  expect(await ok('SpService.getSpAccountSlaByType')).toBe('<Sla>Größe</Sla>');
  expect(await ok('SpService.getSpAccountSlaByType', { slaType: 'service_provider_node' })).toBeNull();

  await ok('SpService.updateSpAccountReq', { spAccount: { Name: 'Second', Properties: nil } });
  const pending = await refused('INVALID_STATE', 'OpService.updateSpAccount');
  expect(pending.detail.currentState).toBe('UPDATE_PENDING');
  expect(await ok('OpService.getUpdatePendingSpAccount')).toEqual({ $type: 'SpAccount', name: 'Second' });
  expect(await ok('OpService.getSpAccount')).toMatchObject({ name: bean.Name });
  await ok('OpService.updateSpAccountRes');
  await ok('OpService.updateSpAccount', { spAccount: { name: 'Third' } });
  expect(await ok('SpService.getSpAccount')).toEqual({ $type: 'SpAccount', Name: 'Third' });

  await ok('SpService.changeSpAccountPassword', { newPassword: 'between-1' });
  await refused('CommonException', 'SpService.getSpAccount');
  as.sp = { username: subject.sp, password: 'between-1' };
  await ok('SpService.getSpAccount');
  await ok('OpService.setSpAccountPassword', { newPassword: providerPassword });
  as.sp = withPassword;
  await ok('SpService.getSpAccount');
}
