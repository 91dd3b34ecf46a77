import { canonicalXml } from '../canonical-xml.mjs';
import { necRequest, pick } from './requests.mjs';

function call(tenant) {
  const instance = pick(tenant.instances);
  return necRequest('GetUser', {
    customerId: tenant.externalId,
    realmId: instance.externalId,
    userId: pick(instance.users).externalId,
  });
}

export const soapRead = {
  name: 'soap-read',
  title: 'SOAP read: NEC GetUser, HTTP Basic',
  variants: ['hub', 'ceiling', 'soap package'],
  goals: [
    { to: 'ceiling', byCpu: 0.3 },
    { to: 'soap package', byCpu: 1.5 },
  ],
  expects: 'resultCode>0<',
  sample: (world) => {
    const [tenant] = world.tenants;
    const [instance] = tenant.instances;
    const [user] = instance.users;
    return necRequest('GetUser', { realmId: instance.externalId, userId: user.externalId });
  },
  comparable: canonicalXml,
  requests: (world) => () => call(pick(world.tenants)),
};
