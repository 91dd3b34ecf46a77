import { canonicalXml } from '../canonical-xml.mjs';
import { necRequest } from './requests.mjs';

/** One user after the other is disabled and enabled again: two requests each, every one with its requestId. */
function toggles(realmOf, keyOf) {
  let sent = 0;
  return () => {
    const turn = sent++;
    const { tenant, instance, user } = realmOf(turn >> 1);
    return necRequest('UpdateUserStatus', {
      requestId: keyOf(turn),
      customerId: tenant.externalId,
      realmId: instance.externalId,
      userId: user.externalId,
      status: turn % 2 === 0 ? 7 : 1,
    });
  };
}

const placeIn = (tenant, turn) => {
  const instance = tenant.instances[turn % tenant.instances.length];
  return { tenant, instance, user: instance.users[0] };
};

export const soapWrite = {
  name: 'soap-write',
  title: 'SOAP write: NEC UpdateUserStatus 7 and 1, each with a requestId',
  variants: ['hub', 'ceiling'],
  goals: [],
  expects: 'resultCode>0<',
  writes: true,
  batch: 2,
  sample: (world, { place, state }) => {
    state.next ??= toggles(
      () => placeIn(world.tenants[20 + place], 0),
      (turn) => `sample-${place}-${turn}`,
    );
    return state.next();
  },
  comparable: (text) => canonicalXml(text).replaceAll(/sample-\d+-/g, 'sample-'),
  requests: (world, { index, connections, salt }) => {
    const own = world.tenants.filter((_, at) => at % connections === index);
    return toggles(
      (turn) => placeIn(own[turn % own.length], Math.floor(turn / own.length)),
      (turn) => `${salt}-${index}-${turn}`,
    );
  },
};
