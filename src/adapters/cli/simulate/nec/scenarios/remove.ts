import { buy, quantityOf, type Scenario, statusIs } from './scenario.js';

/** Use case 9: the application is given back. */
export const remove: Scenario = {
  about: 'the customer gives the application back',
  version: '4.3',
  async run(context) {
    const { nec, goods, stamp } = context;
    const realmId = await buy(context, 'D', 2, 2);
    await nec.call('Mina leaves', 'DeleteUser', { realmId, userId: 'U1' });
    await nec.call('she cannot sign in', 'Login', { realmId, userId: 'U1' }, { code: 5 });
    await nec.call('the instance goes, with everybody still in it', 'DeleteRealm', { realmId });
    await nec.call('it is gone', 'GetRealmStatus', { realmId }, { check: statusIs(9) });
    await nec.call('it can be told twice', 'DeleteRealm', { realmId });
    await nec.call('nothing else can be done with it', 'GetRealm', { realmId }, { code: 5 });
    await nec.call('Theo is out too', 'Login', { realmId, userId: 'U2' }, { code: 5 });
    await nec.call(
      'its id stays taken',
      'CreateRealm',
      {
        realmId,
        customerId: `SIM-${stamp}`,
        customerName: 'Sunrise Dental',
        applicationId: goods.application,
        offerCode: goods.offer,
        licences: quantityOf(goods.licence, 1),
      },
      { code: 5 },
    );
  },
};
