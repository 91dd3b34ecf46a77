import { ID, InputType, Int } from 'type-graphql';
import type { CertificateKind, Protocol, RefKind } from '../../../../core/marketplace/index.js';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { CertificateKinds, Protocols, RefKinds } from './types.js';

@InputType('ConfigureChannelInput')
export class ConfigureChannelInput extends CommandInput {
  @Required(() => String, 'Its natural name, as in its paths.')
  name!: string;

  @Required(() => Protocols, 'What it speaks.')
  protocol!: Protocol;

  @Optional(() => String, 'JSON, as the protocol’s documentation says; never shown again.')
  settings?: string | null;
}

@InputType('RediscoverChannelInput')
export class RediscoverChannelInput extends CommandInput {
  @Required(() => ID, 'A channel whose protocol has a directory.')
  id!: string;
}

@InputType('UpdateChannelInput')
export class UpdateChannelInput extends ChangeInput {
  @Required(
    () => String,
    'JSON with the settings to change (RFC 7396): a value sets, `null` clears, what is absent stays, secrets too.',
  )
  settings!: string;
}

@InputType('RegisterServiceAccountInput')
export class RegisterServiceAccountInput extends CommandInput {
  @Required(() => ID, 'The channel it calls on.')
  channelId!: string;

  @Required(() => String, 'What it calls itself; unique within the channel.')
  username!: string;

  @Optional(() => String, 'At least 10 characters; absent: one is made and shown once.')
  password?: string | null;

  @Optional(() => String, 'Secret for PasswordDigest; absent: digests are not accepted.')
  soapSecret?: string | null;

  @Optional(() => Int, '0, 333 (read), 666 (write) or 1000 (administrator); absent: no level limits it.')
  level?: number | null;

  @Optional(() => ID, 'It acts as this tenant and for what is below it.')
  tenantId?: string | null;

  @Optional(() => [String], 'Addresses it may call from, as CIDR; absent: any.')
  addresses?: string[] | null;
}

@InputType('UpdateServiceAccountInput')
export class UpdateServiceAccountInput extends ChangeInput {
  @Optional(
    () => String,
    'A new password of at least 10 characters; the old one ends now, also for PasswordDigest where that is accepted. Cannot be cleared.',
  )
  password?: string | null;

  @Optional(() => Boolean, '`true` has a new password made and shown once.')
  generatePassword?: boolean | null;

  @Optional(
    () => String,
    'Secret for PasswordDigest; absent: stays, or is the new password with one; `null`: digests are not accepted any more.',
  )
  soapSecret?: string | null;

  @Optional(() => Int, '0, 333 (read), 666 (write) or 1000 (administrator); `null`: no level limits it.')
  level?: number | null;

  @Optional(() => ID, 'It acts as this tenant and for what is below it; `null`: as nobody’s.')
  tenantId?: string | null;

  @Optional(() => [String], 'Addresses it may call from, as CIDR; `null`: any.')
  addresses?: string[] | null;
}

@InputType('SetProviderPasswordInput')
export class SetProviderPasswordInput extends CommandInput {
  @Required(() => ID, 'The provider: a tenant on a channel it calls on.')
  tenantId!: string;

  @Required(
    () => String,
    'At least 10 characters; the old one and sessions opened with it end now. Also the secret for PasswordDigest, where that is accepted.',
  )
  password!: string;

  @Optional(() => Int, 'The version of the account you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}

@InputType('BindCertificateInput')
export class BindCertificateInput extends CommandInput {
  @Required(() => ID, 'The account calls signed with it speak for.')
  serviceAccountId!: string;

  @Required(() => CertificateKinds, 'What `name` is.')
  kind!: CertificateKind;

  @Required(
    () => String,
    'The SHA-256 fingerprint as 64 hexadecimal digits, colons allowed; or the subject as RFC 4514 writes it, byte for byte.',
  )
  name!: string;
}

@InputType('BindExternalIdInput')
export class BindExternalIdInput extends CommandInput {
  @Required(() => ID, 'The channel that has the id.')
  channelId!: string;

  @Required(() => RefKinds, 'What it names.')
  kind!: RefKind;

  @Optional(
    () => ID,
    'Our id of the containing object, where the channel’s ids live in one; absent: a tenant’s stands where its protocol has it.',
  )
  parentId?: string | null;

  @Required(() => String, 'The channel’s own id, byte for byte.')
  externalId!: string;

  @Required(() => ID, 'What of ours it means.')
  targetId!: string;
}

@InputType('AddChannelRecordInput')
export class AddChannelRecordInput extends CommandInput {
  @Required(() => ID, 'Whose it is: a tenant that a channel manages.')
  tenantId!: string;

  @Required(
    () => String,
    'What the protocol calls this kind of thing: `queue`, `mediaStream`, a shared collection such as `invoices`.',
  )
  kind!: string;

  @Optional(() => ID, 'The object that contains it, like the record of a queue; absent: the tenant.')
  parentId?: string | null;

  @Required(() => String, 'The channel’s own id, byte for byte.')
  externalId!: string;

  @Optional(() => String, 'A JSON object with what the protocol knows about it.')
  data?: string | null;
}

@InputType('UpdateChannelRecordInput')
export class UpdateChannelRecordInput extends ChangeInput {
  @Required(() => String, 'A JSON object that replaces what is known about it.')
  data!: string;
}

@InputType('RegisterWebhookInput')
export class RegisterWebhookInput extends CommandInput {
  @Optional(() => ID, 'Events of this tenant; absent: of all, which only operators may have.')
  tenantId?: string | null;

  @Required(() => String, 'Where events are sent.')
  url!: string;

  @Required(() => [String], 'Event types, or beginnings of them that end in `.*`.')
  events!: string[];

  @Optional(() => String, '`whsec_…` as Standard Webhooks has it; absent: one is made and shown once.')
  secret?: string | null;
}

@InputType('UpdateWebhookInput')
export class UpdateWebhookInput extends ChangeInput {
  @Optional(() => String, 'Where events are sent; cannot be cleared.')
  url?: string | null;

  @Optional(() => [String], 'Event types, or beginnings of them that end in `.*`; cannot be cleared.')
  events?: string[] | null;
}
