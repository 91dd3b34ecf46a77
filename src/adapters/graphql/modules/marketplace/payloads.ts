import { ObjectType } from 'type-graphql';
import type {
  AccountCertificate,
  ChannelRecord,
  DiscoveryOutcome,
  ExternalRef,
} from '../../../../core/marketplace/index.js';
import type { ChannelView, ServiceAccountView, WebhookView } from '../../../../core/readers.js';
import { Optional, Required } from '../input-fields.js';
import {
  AccountCertificateType,
  ChannelRecordType,
  ChannelType,
  DiscoveryOutcomes,
  ExternalRefType,
  ServiceAccountType,
  WebhookType,
} from './types.js';

@ObjectType('ChannelPayload', { simpleResolvers: true })
export class ChannelPayload {
  @Optional(() => ChannelType, 'The channel now; null when it is out of your sight.')
  channel!: ChannelView | null;
}

@ObjectType('ServiceAccountPayload', { simpleResolvers: true })
export class ServiceAccountPayload {
  @Optional(() => ServiceAccountType, 'The account now; null when it is out of your sight.')
  serviceAccount!: ServiceAccountView | null;
}

@ObjectType('ServiceAccountPasswordPayload', { simpleResolvers: true })
export class ServiceAccountPasswordPayload extends ServiceAccountPayload {
  @Optional(
    () => String,
    'The password made: shown here and never again. Null when one was given, or none was asked for.',
  )
  password!: string | null;
}

@ObjectType('AccountCertificatePayload', { simpleResolvers: true })
export class AccountCertificatePayload extends ServiceAccountPayload {
  @Optional(() => AccountCertificateType, 'The certificate; null once it is unbound.')
  accountCertificate!: AccountCertificate | null;
}

@ObjectType('ExternalRefPayload', { simpleResolvers: true })
export class ExternalRefPayload {
  @Optional(() => ExternalRefType, 'The id now; null when it is out of your sight.')
  externalRef!: ExternalRef | null;
}

@ObjectType('ChannelDiscovery', {
  description: 'What reading the developer platform anew meant for one channel.',
  simpleResolvers: true,
})
export class ChannelDiscovery {
  @Required(() => String, 'The natural name of the channel.')
  name!: string;

  @Required(
    () => DiscoveryOutcomes,
    'UNCHANGED; CHANGED; RESUMED: listed again; SUSPENDED: not listed any more; UNUSABLE: listed in a way nobody can read, so that what was known stays.',
  )
  outcome!: DiscoveryOutcome;
}

@ObjectType('RediscoverChannelPayload', { simpleResolvers: true })
export class RediscoverChannelPayload {
  @Required(() => String, 'Why the directory could not be read; empty when it was. What was known is used meanwhile.')
  problem!: string;

  @Required(
    () => [ChannelDiscovery],
    'What became of every channel that shares the directory; empty when it could not be read.',
  )
  outcomes!: readonly ChannelDiscovery[];

  @Optional(() => ChannelType, 'The channel now; null when it is out of your sight.')
  channel!: ChannelView | null;
}

@ObjectType('ChannelRecordPayload', { simpleResolvers: true })
export class ChannelRecordPayload {
  @Optional(() => ChannelRecordType, 'The record now; null when it is out of your sight.')
  channelRecord!: ChannelRecord | null;
}

@ObjectType('WebhookPayload', { simpleResolvers: true })
export class WebhookPayload {
  @Optional(() => WebhookType, 'The webhook now; null when it is out of your sight.')
  webhook!: WebhookView | null;
}

@ObjectType('WebhookSecretPayload', { simpleResolvers: true })
export class WebhookSecretPayload extends WebhookPayload {
  @Optional(() => String, 'The secret made: shown here and never again. Null when one was given.')
  secret!: string | null;
}
