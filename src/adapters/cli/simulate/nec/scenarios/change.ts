import { expectEqual } from '../../check.js';
import { listOf } from '../../soap-client.js';
import { buy, person, quantityOf, type Scenario, usageIs } from './scenario.js';

/** Use case 2: more, less, another offer. */
export const change: Scenario = {
  about: 'the purchase grows, shrinks and moves to another offer',
  version: '4.3',
  async run(context) {
    const { nec, goods } = context;
    const realmId = await buy(context, 'C', 2, 2);
    const third = { realmId, user: person(realmId, 3) };
    await nec.call('no seat for a third', 'CreateUser', third, { code: 8 });
    await nec.call(
      'the customer buys up to 4',
      'ModifyRealm',
      { realmId, licences: quantityOf(goods.licence, 4) },
      {
        check: ({ licences }) => expectEqual('quantity', listOf(licences, 'LicenceItem')[0]?.quantity, 4),
      },
    );
    await nec.call('now there is one', 'CreateUser', third);
    await nec.call(
      '3 in use cannot become 2',
      'ModifyRealm',
      { realmId, licences: quantityOf(goods.licence, 2) },
      { code: 8 },
    );
    await nec.call(
      'nothing was changed',
      'GetLicenceUsage',
      { realmId },
      {
        check: usageIs(goods.licence, { purchased: 4, assigned: 3, billable: 3 }),
      },
    );
    await nec.call('one leaves', 'DeleteUser', { realmId, userId: 'U3' });
    await nec.call('then it can', 'ModifyRealm', { realmId, licences: quantityOf(goods.licence, 2) });
    await nec.call('the customer changes to the yearly offer', 'ModifyRealm', {
      realmId,
      licences: quantityOf(goods.licence, 2),
      offerCode: goods.upgrade,
    });
    await nec.call('the customer has a new name', 'UpdateRealm', { realmId, customerName: 'Sunrise Dental Group' });
    await nec.call(
      'and it shows',
      'GetRealm',
      { realmId },
      {
        check: ({ realm }) =>
          expectEqual(
            'customerName',
            (realm as { customerName?: unknown } | undefined)?.customerName,
            'Sunrise Dental Group',
          ),
      },
    );
    await nec.call('a person has a new name', 'UpdateUser', { realmId, userId: 'U2', lastName: 'Roux-Vidal' });
    await nec.call(
      'and it shows',
      'GetUser',
      { realmId, userId: 'U2' },
      {
        check: ({ user }) =>
          expectEqual('lastName', (user as { lastName?: unknown } | undefined)?.lastName, 'Roux-Vidal'),
      },
    );
  },
};
