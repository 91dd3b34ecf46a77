import { Field, Int } from 'type-graphql';
import {
  type CertificateKind,
  certificateKinds,
  type DiscoveryOutcome,
  discoveryOutcomes,
  type LoginOutcome,
  loginOutcomes,
  type Protocol,
  protocols,
  type RefKind,
  refKinds,
} from '../../../../core/marketplace/index.js';
import { connectionOf } from '../../relay/connection.js';
import { listArgsOf } from '../../relay/list-args.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType, ViewType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { CreatedAtField, DisabledAtField, MomentField, TextField, VersionField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

export const Protocols = enumOf<Protocol>('Protocol', protocols, 'The language a marketplace speaks.');
export const RefKinds = enumOf<RefKind>(
  'ExternalRefKind',
  refKinds,
  'What a channel has an id of its own for. SIGN_IN_NAME: by which a person of the channel signs in to the hub’s own pages. RECORD: what it shares as data.',
);

export const CertificateKinds = enumOf<CertificateKind>(
  'AccountCertificateKind',
  certificateKinds,
  'By what a certificate is known: its very fingerprint, or its subject, where the channel has trust anchors.',
);

export const DiscoveryOutcomes = enumOf<DiscoveryOutcome>(
  'DiscoveryOutcome',
  discoveryOutcomes,
  'What asking its directory did to a channel.',
);

export const LoginOutcomes = enumOf<LoginOutcome>(
  'LoginOutcome',
  loginOutcomes,
  'How a log-in of an account ended. ACCOUNT_DISABLED: switched off, or its tenant is not let in. LOCKED and UNLOCKED: by somebody.',
);

@NodeType('Channel', 'One configured connection to one marketplace. Its settings hold secrets and are never shown.')
export class ChannelType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Its natural name, as in its paths.')
  name!: string;

  @Field(() => Protocols, { description: 'What it speaks.' })
  protocol!: Protocol;

  @Field(() => Int, { description: 'Order of configuration, from 1; fixed paths serve the first of a protocol.' })
  position!: number;

  @DisabledAtField()
  disabledAt!: string | null;

  @MomentField('When its directory last confirmed what is known of it; null when it never did, or it is in none.')
  discoveredAt!: string | null;

  @MomentField(
    'Since when its directory does not list it any more: nobody signs in through it, and what it says is still obeyed. Null when that is not so.',
  )
  suspendedAt!: string | null;
}
registerNodeType('channel', 'Channel');

@ViewType('ChannelConnectionDetails', 'Where a marketplace is, as it was told or configured. Without any secret.')
export class ChannelConnectionType {
  @TextField('The environment the marketplace has for the application; empty when it has no name.')
  environment!: string;

  @TextField('Where its own interface is.')
  apiHost!: string;

  @TextField('Where its people sign in.')
  identityProviderHost!: string;

  @TextField('Where data is shared; empty when none is.')
  dataHost!: string;

  @TextField('Where browsers come back to: PUBLIC_URL, or nobody can sign in.')
  applicationHost!: string;
}

@NodeType('ServiceAccount', 'Machine credential a marketplace calls us with. Its secrets are never shown.')
export class ServiceAccountType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('What it calls itself; unique within the channel.')
  username!: string;

  @Field(() => Int, { description: 'Counts password changes.' })
  credentialVersion!: number;

  @Field(() => Boolean, { description: 'May sign in with a password digest.' })
  allowsDigest!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: '0, 333 (read), 666 (write) or 1000 (administrator); null when no level limits it.',
  })
  level!: number | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Addresses it may call from, as CIDR; null allows any.',
  })
  addresses!: readonly string[] | null;

  @MomentField('Since when it is locked after failures; null when it is not.')
  lockedAt!: string | null;

  @DisabledAtField()
  disabledAt!: string | null;

  @Field(() => Boolean, { description: 'It ended with its tenant; the name may be another account’s since.' })
  ended!: boolean;
}
registerNodeType('serviceAccount', 'ServiceAccount');

@ViewType(
  'AccountLogin',
  'What happened to an account in one way from one address within a minute (successes: within an hour). A success is told when the password is verified, not on every call.',
)
export class AccountLoginType {
  @Field(() => LoginOutcomes, { description: 'How it ended.' })
  outcome!: LoginOutcome;

  @TextField('Where it came from, behind trusted proxies; empty when that is not known.')
  address!: string;

  @TextField('Who locked or unlocked the account; empty for log-ins.')
  by!: string;

  @Field(() => DateTime, { description: 'The first time.' })
  firstAt!: string;

  @Field(() => DateTime, { description: 'The last time.' })
  lastAt!: string;

  @Field(() => Int, { description: 'How often.' })
  times!: number;
}

@NodeType(
  'AccountCertificate',
  'A certificate that is bound to an account: calls signed with it speak for the account.',
)
export class AccountCertificateType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => CertificateKinds, { description: 'What `name` is.' })
  kind!: CertificateKind;

  @TextField('The SHA-256 fingerprint in hexadecimal digits, or the subject.')
  name!: string;
}
registerNodeType('accountCertificate', 'AccountCertificate');

@NodeType('ExternalRef', 'The id a channel has for something of ours, byte for byte.')
export class ExternalRefType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => RefKinds, { description: 'What it names.' })
  kind!: RefKind;

  @TextField('The channel’s own id.')
  externalId!: string;
}
registerNodeType('externalRef', 'ExternalRef');

@NodeType('ChannelRecord', 'What a protocol has and the model has no word for.')
export class ChannelRecordType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('What the protocol calls this kind of thing.')
  kind!: string;

  @TextField('The channel’s own id.')
  externalId!: string;

  @MomentField('When it ended, and its id became free; null while it lives.')
  endedAt!: string | null;
}
registerNodeType('channelRecord', 'ChannelRecord');

@NodeType(
  'Webhook',
  'An address that is told about events, signed the Standard Webhooks way. Its secret is never shown.',
)
export class WebhookType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Where events are sent.')
  url!: string;

  @Field(() => [String], { description: 'Event types, or beginnings of them that end in `.*`.' })
  events!: readonly string[];

  @DisabledAtField()
  disabledAt!: string | null;
}
registerNodeType('webhook', 'Webhook');

export const ChannelConnection = connectionOf('Channel', () => ChannelType);
export const ChannelListArgs = readerListArgs('Channel', 'channels', {
  protocol: { enum: 'Protocol', values: Protocols },
});
export const ServiceAccountConnection = connectionOf('ServiceAccount', () => ServiceAccountType);
export const ServiceAccountListArgs = readerListArgs('ServiceAccount', 'serviceAccounts');
export const AccountCertificateConnection = connectionOf('AccountCertificate', () => AccountCertificateType);
export const AccountCertificateListArgs = readerListArgs('AccountCertificate', 'accountCertificates', {
  kind: { enum: 'AccountCertificateKind', values: CertificateKinds },
});
export const AccountLoginConnection = connectionOf('AccountLogin', () => AccountLoginType);
/** The newest first, always. */
export const AccountLoginListArgs = listArgsOf('AccountLogin', {
  filter: { outcome: { enum: 'LoginOutcome', values: LoginOutcomes }, address: 'text', lastAt: 'dateTime' },
  orderBy: [],
});
export const ExternalRefConnection = connectionOf('ExternalRef', () => ExternalRefType);
export const ExternalRefListArgs = readerListArgs('ExternalRef', 'externalRefs', {
  kind: { enum: 'ExternalRefKind', values: RefKinds },
});
export const ChannelRecordConnection = connectionOf('ChannelRecord', () => ChannelRecordType);
export const ChannelRecordListArgs = readerListArgs('ChannelRecord', 'channelRecords');
export const WebhookConnection = connectionOf('Webhook', () => WebhookType);
export const WebhookListArgs = readerListArgs('Webhook', 'webhooks');
