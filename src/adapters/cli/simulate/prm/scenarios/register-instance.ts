import { randomToken } from '../../../../../platform/secrets.js';
import { expectEqual } from '../../check.js';
import { beanFor, expectState, idsFor, instanceAccount, operationOn } from '../accounts.js';
import { fieldOf, itemsOf } from '../beans.js';
import type { PrmScenario } from '../context.js';
import { admitApplication, admitProvider, openGroups } from '../opening.js';

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
  },
};
