import { randomToken } from '../../../../../platform/secrets.js';
import { expectEqual } from '../../check.js';
import { beanFor, expectState, idsFor, instanceAccount, operationOn } from '../accounts.js';
import { fieldOf, itemsOf } from '../beans.js';
import type { PrmContext, PrmScenario } from '../context.js';
import { admitApplication, admitProvider, openGroups, type Provider, type TrafficInstance } from '../opening.js';
import { askGateway, expectNoToken, getTrafficToken } from '../traffic.js';

/** Registering a new Application Instance. */
export const registerInstance: PrmScenario = {
  about: 'a provider applies for an application instance, which may carry traffic once it is admitted',
  async run(context) {
    const { op } = context;
    const groups = await openGroups(context, 'ri');
    const provider = await admitProvider(context, 'ri', groups);
    const application = await admitApplication(context, provider, groups);
    const { sp } = provider;
    const account = instanceAccount(application, `${application.id}-1`);
    const password = randomToken();
    const apply = operationOn(sp, 'register', account, 'Req');
    const input = { ...idsFor(sp, account), ...beanFor(sp, account, { name: 'Line 1', sla: '1' }), password };
    await sp.call('the provider applies', apply, input);
    await expectState(sp, account, 'REGISTERED', 'the application waits: the instance is REGISTERED');
    await expectNoToken(context, { account, password }, 'instance', 'it carries no traffic yet');
    await sp.call('its id is taken now', apply, input, { fault: 'CommonException' });
    const filter = { ...idsFor(op, application), state: 'REGISTERED' };
    await op.call('the operator lists what waits of this application', 'OpService.listAppInstGroups', filter, {
      check: (value) =>
        expectEqual(
          'the list',
          itemsOf(value)
            .map((ref) => fieldOf(ref, 'appInstGroupId'))
            .join(),
          account.id,
        ),
    });
    await op.call('changes it, at once', 'OpService.updateAppInstGroup', {
      ...idsFor(op, account),
      ...beanFor(op, account, { name: 'Line one', properties: { shift: 'night' } }),
    });
    const answer = { ...idsFor(op, account), appInstGroupRef: 'CRM-3', response: 'APPROVE' };
    await op.call('and admits it', 'OpService.registerAppInstGroupRes', answer);
    await expectState(sp, account, 'ACTIVE', 'it is ACTIVE');
    await op.call('an answer counts once', 'OpService.registerAppInstGroupRes', answer, {
      fault: 'INVALID_STATE',
      in: 'ACTIVE',
    });
    await sp.call('the instance is as the operator left it', 'SpService.getAppInstGroup', idsFor(sp, account), {
      check: (value) => [
        ...expectEqual('Name', fieldOf(value, 'name'), 'Line one'),
        ...expectEqual('SLA', fieldOf(value, 'sla'), '1'),
      ],
    });
    await sendTraffic(context, provider, { account, password });
  },
};

async function sendTraffic(context: PrmContext, { sp }: Provider, instance: TrafficInstance): Promise<void> {
  const { op } = context;
  const { account } = instance;
  const token = await getTrafficToken(context, instance, 'it gets a token for traffic with its password');
  await askGateway(context, { token }, undefined, 'a gateway asks: the token may pass');
  await askGateway(context, instance, undefined, 'so may the password itself');
  const renewed = { account, password: randomToken() };
  const renew = operationOn(sp, 'set', account, 'Password');
  await sp.call('the provider gives it another password', renew, {
    ...idsFor(sp, account),
    newPassword: renewed.password,
  });
  await askGateway(context, { token }, 'credentials', 'the token has ended with the old one');
  await getTrafficToken(context, renewed, 'the new one gets a token');
  if (typeof context.traffic.gateway === 'string') return;
  for (const time of ['once', 'twice', 'three times', 'four times', 'five times']) {
    await askGateway(context, instance, 'credentials', `somebody tries the old one at a gateway: ${time}`);
  }
  await expectState(sp, account, 'LOCKED', 'that is too often: the instance is LOCKED');
  await askGateway(context, renewed, 'locked', 'the right password does not help');
  const unlock = operationOn(op, 'unlock', account);
  await op.call('the operator unlocks it', unlock, idsFor(op, account));
  await expectState(sp, account, 'ACTIVE', 'it is ACTIVE');
  await askGateway(context, renewed, undefined, 'and carries traffic again');
  await op.call('unlocked is unlocked', unlock, idsFor(op, account), { fault: 'CommonException' });
}
