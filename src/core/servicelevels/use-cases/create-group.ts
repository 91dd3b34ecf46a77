import { checkReference } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkText } from '../../shared/text.js';
import { isOperatorOf } from '../../tenancy/index.js';
import { agreementTypes, type MemberKind, type ServiceLevelGroup } from '../model.js';
import type { FindXmlFault, ServiceLevelUnit } from '../ports.js';
import { emitGroup } from './lock-group.js';
import { checkDocument, checkType, targetOf, writeAgreement } from './write-agreement.js';

export interface CreateGroupInput {
  /** '' for a group of the hub's own. */
  readonly channelId: string;
  readonly memberKind: MemberKind;
  /** The channel's own id of it, byte-exact. */
  readonly key: string;
  readonly properties?: readonly Property[];
  /** Its first agreement, as XML; null or absent = none. */
  readonly document?: string | null;
  /** Type of that agreement; absent = the kind's default (`agreementTypes`). */
  readonly type?: string;
}

/**
 * Makes a group, by the operator's side of the channel. Errors: forbidden, unknown_reference (channel), invalid_value (key,
 * properties, type, a document that is no well-formed XML), already_exists.
 */
export async function createGroup(
  tx: ServiceLevelUnit,
  input: CreateGroupInput,
  findXmlFault: FindXmlFault,
): Promise<ServiceLevelGroup> {
  const { channelId, memberKind, document = null, type = agreementTypes[memberKind][0] } = input;
  if (!isOperatorOf(tx.actor, 'write', channelId)) throw new DomainError('forbidden', { right: 'write' });
  await checkReference('channel', tx.channels, channelId);
  checkType(memberKind, type);
  if (document !== null) checkDocument(document, findXmlFault);
  const group = await tx.serviceLevelGroups.insert({
    id: tx.ids.next('serviceLevelGroup'),
    createdAt: tx.now,
    channelId,
    memberKind,
    key: checkText('key', input.key),
    properties: checkProperties(input.properties ?? []),
    terminatedAt: null,
    liveKey: '0',
  });
  emitGroup(tx, 'created', group);
  if (document !== null) await writeAgreement(tx, targetOf(group), type, document);
  return group;
}
