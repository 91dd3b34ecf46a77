import { operatorPassword, providerPassword } from './hub.js';
import type { NamedOperation } from './operations.js';

/** What a message talks about. */
export interface Subject {
  readonly sp: string;
  readonly app: string;
  readonly inst: string;
  readonly spGroup: string;
  readonly appGroup: string;
}

const beans = ['spAccount', 'app', 'appAccount', 'appInstGroup'];

/** A right message to an operation about a subject: every input it demands, none it could leave out. */
export function messageAbout(subject: Subject, { service, inputs }: NamedOperation): Record<string, unknown> {
  const { sp, app, inst, spGroup, appGroup } = subject;
  const isSp = service.side === 'sp';
  const oldPassword = isSp ? providerPassword : operatorPassword;
  const samples: Readonly<Record<string, unknown>> = {
    spAccountId: sp,
    appAccountId: app,
    appInstGroupId: inst,
    spGroupId: spGroup,
    SpGroupId: spGroup,
    appGroupId: appGroup,
    ...Object.fromEntries(beans.map((bean) => [bean, { [isSp ? 'Name' : 'name']: 'Sample' }])),
    spGroup: { sla: '<Sla/>' },
    appGroup: { sla: '<Sla/>' },
    spAccountRef: 'R-1',
    appAccountRef: 'R-2',
    appInstGroupRef: 'R-3',
    response: 'APPROVE',
    operatorId: 'op-admin',
    password: isSp ? providerPassword : operatorPassword,
    oldPassword,
    newPassword: oldPassword,
    loginTicket: 'plt-0',
    slaType: inputs.some(({ name }) => name === 'appAccountId') ? 'application' : 'service_provider',
    startIndex: 0,
    maxEntries: 10,
    statisticType: 1,
  };
  return Object.fromEntries(inputs.filter(({ nillable }) => !nillable).map(({ name }) => [name, samples[name]]));
}
