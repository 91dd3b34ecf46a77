import { defineApplication } from '../../../src/core/catalog/index.js';
import { bindCertificate, configureChannel } from '../../../src/core/marketplace/index.js';
import { decideApproval, lockOutInstance, registerProvider } from '../../../src/core/provisioning/index.js';
import { hashToken } from '../../../src/platform/secrets.js';
import type { MutationCase } from './mutation-cases.js';
import type { Stage } from './stage.js';

const password = 'a long enough one';
const fingerprint = 'ab'.repeat(32);
const properties = [{ name: 'region', value: 'eu' }, { name: 'trial' }];
const shownProperties = [
  { name: 'region', value: 'eu' },
  { name: 'trial', value: null },
];

/** A channel on which providers register. */
export async function prmChannel({ unit, mark }: Pick<Stage, 'unit' | 'mark'>): Promise<string> {
  const name = `${mark}-prm`;
  return unit(async (tx) => {
    const present = await tx.channels.findOne({ name });
    return (present ?? (await configureChannel(tx, { name, protocol: 'prm', settings: {} }))).id;
  });
}

/** A provider on it that an operator has let in; returns its tenant's id. */
export async function provider(stage: Stage, externalId = 'sp-lotus'): Promise<string> {
  const channelId = await prmChannel(stage);
  return stage.unit(async (tx) => {
    const tenant = await registerProvider(tx, { channelId, externalId, passwordHash: 'provider hash' });
    const approval = await tx.approvals.findOne({ openKey: tenant.id });
    await decideApproval(tx, { id: approval!.id, approve: true });
    return tenant.id;
  });
}

/** An application of the customer itself. */
const ownApplication = ({ unit, tenant, mark }: Stage): Promise<string> =>
  unit(async (tx) => (await defineApplication(tx, { ownerTenantId: tenant.id, key: `${mark}-own`, name: 'Own' })).id);

const openRegistration = { status: 'OPEN', kind: 'REGISTER' };

export const registrationCases: readonly MutationCase[] = [
  {
    mutation: 'registerProvider',
    right: 'hubWrite',
    input: async (stage) => ({
      channelId: await prmChannel(stage),
      externalId: 'sp-lotus',
      name: 'Lotus',
      contact: { name: 'Ute', address: '1 Quay\nHarbor' },
      properties,
      password,
    }),
    payload: 'tenant { id } approval { status kind }',
    shows: { approval: openRegistration },
    effect: [
      'tenant',
      'name kind state contact { name address } properties { name value } openApproval { kind } externalRefs { nodes { externalId } } serviceAccounts { nodes { username ended } }',
      {
        name: 'Lotus',
        kind: 'RESELLER',
        state: 'REGISTERED',
        contact: { name: 'Ute', address: '1 Quay\nHarbor' },
        properties: shownProperties,
        openApproval: { kind: 'REGISTER' },
        externalRefs: { nodes: [{ externalId: 'sp-lotus' }] },
        serviceAccounts: { nodes: [{ username: 'sp-lotus', ended: false }] },
      },
    ],
  },
  {
    mutation: 'registerApplication',
    right: 'tenantWrite',
    input: ({ tenant }) => ({ tenantId: tenant.id, externalId: 'mail', description: 'Letters', properties }),
    payload: 'application { id } approval { status kind }',
    shows: { approval: openRegistration },
    effect: [
      'application',
      'key name description state properties { name value } channel { id }',
      {
        key: 'mail',
        name: 'mail',
        description: 'Letters',
        state: 'REGISTERED',
        properties: shownProperties,
        channel: null,
      },
    ],
  },
  {
    mutation: 'registerInstance',
    right: 'tenantWrite',
    input: async (stage) => ({
      applicationId: await ownApplication(stage),
      externalId: 'mail-1',
      name: 'Mail one',
      description: 'Letters of one',
      properties,
      password,
    }),
    payload: 'instance { id } approval { status kind }',
    shows: { approval: openRegistration },
    effect: [
      'instance',
      'name description state hasTrafficPassword properties { name value }',
      {
        name: 'Mail one',
        description: 'Letters of one',
        state: 'REGISTERED',
        hasTrafficPassword: true,
        properties: shownProperties,
      },
    ],
  },
  {
    mutation: 'setTrafficPassword',
    right: 'tenantWrite',
    input: ({ instance }) => ({ instanceId: instance.id, password, expectedVersion: 1 }),
    payload: 'instance { id }',
    effect: ['instance', 'hasTrafficPassword', { hasTrafficPassword: true }],
  },
  {
    mutation: 'unlockInstance',
    right: 'hubWrite',
    input: async ({ unit, instance: { id } }) => {
      await unit((tx) => lockOutInstance(tx, { id }));
      return { id, newPassword: password };
    },
    payload: 'instance { id }',
    effect: [
      'instance',
      'state locked hasTrafficPassword',
      { state: 'ACTIVE', locked: false, hasTrafficPassword: true },
    ],
  },
  {
    mutation: 'setProviderPassword',
    right: 'hubWrite',
    input: async (stage) => ({ tenantId: await provider(stage), password, expectedVersion: 1 }),
    payload: 'serviceAccount { id }',
    effect: ['serviceAccount', 'credentialVersion', { credentialVersion: 2 }],
  },
  {
    mutation: 'bindCertificate',
    right: 'hubAdmin',
    input: ({ account }) => ({ serviceAccountId: account.id, kind: 'FINGERPRINT', name: fingerprint }),
    payload: 'accountCertificate { id } serviceAccount { id }',
    effect: [
      'serviceAccount',
      'certificates { nodes { kind name } }',
      { certificates: { nodes: [{ kind: 'FINGERPRINT', name: fingerprint }] } },
    ],
  },
  {
    mutation: 'unbindCertificate',
    right: 'hubAdmin',
    input: async ({ unit, account }) => {
      const certificate = { serviceAccountId: account.id, kind: 'subject', name: 'CN=mkp' } as const;
      const { id } = await unit((tx) => bindCertificate({ hash: hashToken }, tx, certificate));
      return { id, expectedVersion: 1 };
    },
    payload: 'accountCertificate { id } serviceAccount { id }',
    shows: { accountCertificate: null },
    effect: ['serviceAccount', 'certificates { totalCount }', { certificates: { totalCount: 0 } }],
  },
];
