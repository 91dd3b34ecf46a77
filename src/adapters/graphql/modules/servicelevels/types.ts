import { Field } from 'type-graphql';
import {
  type AgreementScope,
  agreementScopes,
  type MemberKind,
  memberKinds,
} from '../../../../core/servicelevels/index.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType } from '../../relay/view-type.js';
import { CreatedAtField, TerminatedAtField, TextField, VersionField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

export const GroupMemberKinds = enumOf<MemberKind>(
  'ServiceLevelGroupMemberKind',
  memberKinds,
  'What can be in a service level group.',
);
export const AgreementScopes = enumOf<AgreementScope>(
  'ServiceLevelAgreementScope',
  agreementScopes,
  'What an agreement holds for: the tenants or the applications of a group, or one instance.',
);

@NodeType('ServiceLevelGroup', 'A named group of tenants or of applications that share agreements on service levels.')
export class ServiceLevelGroupType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => GroupMemberKinds, { description: 'What can be in it.' })
  memberKind!: MemberKind;

  @TextField('The channel’s own id of it; unique on the channel among the live ones for the same kind.')
  key!: string;

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('serviceLevelGroup', 'ServiceLevelGroup');

@NodeType('ServiceLevelAgreement', 'A document that says what level of service is granted.')
export class ServiceLevelAgreementType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => AgreementScopes, { description: 'What it holds for.' })
  scope!: AgreementScope;

  @TextField('What kind of agreement it is: a type every channel knows, or an id of the operator’s own.')
  type!: string;

  @TextField('What is agreed, as XML.')
  document!: string;

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('serviceLevelAgreement', 'ServiceLevelAgreement');

export const ServiceLevelGroupConnection = connectionOf('ServiceLevelGroup', () => ServiceLevelGroupType);
export const ServiceLevelGroupListArgs = readerListArgs('ServiceLevelGroup', 'serviceLevelGroups', {
  memberKind: { enum: 'ServiceLevelGroupMemberKind', values: GroupMemberKinds },
});
export const ServiceLevelAgreementConnection = connectionOf('ServiceLevelAgreement', () => ServiceLevelAgreementType);
export const ServiceLevelAgreementListArgs = readerListArgs('ServiceLevelAgreement', 'serviceLevelAgreements', {
  scope: { enum: 'ServiceLevelAgreementScope', values: AgreementScopes },
});
