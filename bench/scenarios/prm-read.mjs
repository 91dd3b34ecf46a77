import { canonicalXml } from '../canonical-xml.mjs';
import { pick, prmRequest } from './requests.mjs';

const call = ({ externalId, applications }) =>
  prmRequest('getAppAccountState', { spAccountId: externalId, appAccountId: pick(applications) });

export const prmRead = {
  name: 'prm-read',
  title: 'SOAP read: PRM getAppAccountState, UsernameToken',
  variants: ['hub', 'ceiling', 'soap package'],
  goals: [
    { to: 'ceiling', byCpu: 0.3 },
    { to: 'soap package', byCpu: 1.5 },
  ],
  expects: '>ACTIVE<',
  sample: ({ providers: [{ externalId, applications }] }) =>
    prmRequest('getAppAccountState', { spAccountId: externalId, appAccountId: applications[0] }),
  comparable: canonicalXml,
  requests: (world) => () => call(pick(world.providers)),
};
