import { canonicalXml } from '../canonical-xml.mjs';
import { necRequest, pick } from './requests.mjs';

const call = ({ externalId, instances: [instance] }) =>
  necRequest('GetUsers', { customerId: externalId, realmId: instance.externalId });

export const soapList = {
  name: 'soap-list',
  title: 'SOAP list: NEC GetUsers, 50 users, HTTP Basic',
  variants: ['hub', 'ceiling', 'soap package'],
  goals: [
    { to: 'ceiling', byCpu: 0.3 },
    { to: 'soap package', byCpu: 1.5 },
  ],
  expects: 'resultCode>0<',
  sample: (world) => call(world.large[0]),
  comparable: canonicalXml,
  requests: (world) => () => call(pick(world.large)),
};
