import { expectEqual } from '../../check.js';
import { nextRequestId } from '../../request-id.js';
import { listOf } from '../../soap-client.js';
import { followIntoApplication } from '../sign-in.js';
import { person, quantityOf, type Scenario, usageIs, usersAre } from './scenario.js';

/** Use cases 1A to 1C and the sign-in. */
export const purchase: Scenario = {
  about: 'a customer buys, sets up, adds people, and one of them clicks the application button',
  version: '4.3',
  async run(context) {
    const { nec, goods, stamp } = context;
    const realmId = `SIM-${stamp}-P`;
    const key = { realmId };
    await nec.call(
      'is the hub there?',
      'Ping',
      { text: 'hello' },
      { check: ({ text }) => expectEqual('text', text, 'hello') },
    );
    const order = {
      ...key,
      customerId: `SIM-${stamp}`,
      customerName: 'Sunrise Dental',
      applicationId: goods.application,
      offerCode: goods.offer,
      licences: quantityOf(goods.licence, 3),
    };
    const requestId = nextRequestId();
    await nec.call('a customer buys 3 licenses', 'CreateRealm', order, {
      requestId,
      check: ({ realmId: made }) => expectEqual('realmId', made, realmId),
    });
    await nec.call('the same order again: the same answer, no second purchase', 'CreateRealm', order, {
      requestId,
      check: ({ realmId: made }) => expectEqual('realmId', made, realmId),
    });
    const other = { ...order, licences: quantityOf(goods.licence, 4) };
    await nec.call('the same requestId with another order is refused', 'CreateRealm', other, { requestId, code: 10 });
    await nec.call('the instance is set up', 'SetupRealm', {
      ...key,
      parameters: { Parameter: [{ name: 'language', value: 'en' }] },
    });
    const first = [1, 2].map((number) => person(realmId, number));
    await nec.call(
      'two people get seats',
      'CreateUsers',
      { ...key, users: { User: first } },
      {
        check: ({ results }) =>
          listOf(results, 'UserResult').flatMap(({ userId, resultCode }) => expectEqual(String(userId), resultCode, 0)),
      },
    );
    await nec.call('and a third', 'CreateUser', { ...key, user: person(realmId, 3) });
    await nec.call('a fourth finds no seat', 'CreateUser', { ...key, user: person(realmId, 4) }, { code: 8 });
    await nec.call('who is in?', 'GetUsers', key, { check: usersAre('U1', 'U2', 'U3') });
    await nec.call('what is billed?', 'GetLicenceUsage', key, {
      check: usageIs(goods.licence, { purchased: 3, assigned: 3, billable: 3 }),
    });
    await followIntoApplication(context, realmId, person(realmId, 1));
  },
};
