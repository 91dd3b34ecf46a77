import { Field, Int } from 'type-graphql';
import { type ChainLink, chainLinks } from '../../../../core/access/index.js';
import {
  type ApprovableKind,
  type ApprovalKind,
  type ApprovalStatus,
  approvalKinds,
  approvalStatuses,
} from '../../../../core/provisioning/index.js';
import type { Hold } from '../../../../core/shared/lifecycle.js';
import type { Property } from '../../../../core/shared/properties.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { EntityType, NodeType, ViewType } from '../../relay/view-type.js';
import { CreatedAtField, MomentField, TerminatedAtField, TextField, VersionField } from '../fields.js';
import { enumOf, HoldType, PendingApprovals } from '../lifecycle.js';
import { PropertyType } from '../properties.js';

export const ApprovalKinds = enumOf<ApprovalKind>('ApprovalKind', approvalKinds, 'What is asked for.');
export const ApprovalStatuses = enumOf<ApprovalStatus>('ApprovalStatus', approvalStatuses, 'How it was answered.');
export const ApprovableKinds = enumOf<ApprovableKind>(
  'ApprovableKind',
  ['tenant', 'application', 'instance'],
  'What an approval can be about.',
);
export const ChainLinks = enumOf<ChainLink>(
  'ChainLink',
  chainLinks,
  'The links between a person and an application, in the order they are looked at.',
);

@ViewType('Parameter', 'One setting of an instance.')
export class ParameterType {
  @TextField('Its name, as the marketplace wrote it.')
  name!: string;

  @TextField('Its value, as the marketplace wrote it.')
  value!: string;
}

@ViewType('Usability', 'Whether a person may use an instance now; worked out from the whole chain, never stored.')
export class UsabilityType {
  @Field(() => Boolean, { description: 'Every link of the chain holds.' })
  usable!: boolean;

  @Field(() => ChainLinks, { nullable: true, description: 'The first link that does not hold; null when usable.' })
  reason!: ChainLink | null;
}

@EntityType('Instance', 'One application provisioned for one tenant.')
export class InstanceType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => String, { nullable: true, description: 'The natural name in a seed file; null for the others.' })
  key!: string | null;

  @TextField('Its name.')
  name!: string;

  @TextField('What it is for; empty when nobody said.')
  description!: string;

  @TextField('Where people use it; empty when it is the application’s own address.')
  accessUrl!: string;

  @Field(() => [PropertyType], { description: 'Name-value pairs of whoever manages it; no settings of it.' })
  properties!: readonly Property[];

  @MomentField('When it was last set up; null before that.')
  configuredAt!: string | null;

  @Field(() => [HoldType], { description: 'Why it is stopped; empty when nothing holds it.' })
  holds!: readonly Hold[];

  @Field(() => Boolean, { description: 'Locked after failures; an operator unlocks it.' })
  locked!: boolean;

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('instance', 'Instance');

@NodeType('Approval', 'A change that waits for an operator. What it is about stays as it is until the answer.')
export class ApprovalType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => ApprovalKinds, { description: 'What is asked for.' })
  kind!: ApprovalKind;

  @Field(() => ApprovableKinds, { description: 'What kind of thing it is about.' })
  objectKind!: ApprovableKind;

  @Field(() => Int, { description: 'The version of the object the proposal was made against.' })
  baseVersion!: number;

  @Field(() => ApprovalStatuses, { description: 'How it was answered; OPEN until then.' })
  status!: ApprovalStatus;

  @TextField('Who asked, by name.')
  requestedBy!: string;

  @TextField('Who answered, by name; empty while it is open.')
  decidedBy!: string;

  @MomentField('When it was answered; null while it is open.')
  decidedAt!: string | null;

  @TextField('The words of whoever answered; empty when there were none.')
  decisionReason!: string;
}
registerNodeType('approval', 'Approval');

export const InstanceConnection = connectionOf('Instance', () => InstanceType);
export const InstanceListArgs = readerListArgs('Instance', 'instances', { pending: PendingApprovals });
export const ApprovalConnection = connectionOf('Approval', () => ApprovalType);
export const ApprovalListArgs = readerListArgs('Approval', 'approvals', {
  kind: { enum: 'ApprovalKind', values: ApprovalKinds },
  objectKind: { enum: 'ApprovableKind', values: ApprovableKinds },
  status: { enum: 'ApprovalStatus', values: ApprovalStatuses },
});
