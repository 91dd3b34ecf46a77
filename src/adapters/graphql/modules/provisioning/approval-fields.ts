import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { type Approval, type ProposedChange, proposedChanges } from '../../../../core/provisioning/index.js';
import { JsonText } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { loadNode } from '../node-loading.js';
import { ApprovalChangeType, ApprovalProposalType } from './approval-types.js';
import { ApprovalType, type ParameterType } from './types.js';

export const parametersIn = (parameters: Readonly<Record<string, string>>): ParameterType[] =>
  Object.entries(parameters).map(([name, value]) => ({ name, value }));

@Resolver(() => ApprovalType)
export class ApprovalFields {
  @FieldResolver(() => JsonText, {
    description: 'The fields to be written on approval; `{}` for a registration and for the end of something.',
  })
  proposed(@Root() approval: Approval): string {
    return JSON.stringify(approval.proposed);
  }

  @FieldResolver(() => ApprovalProposalType, {
    nullable: true,
    description: 'What an update would write; null for a registration, whose data `object` shows, and for a deletion.',
  })
  proposal(@Root() { kind, proposed }: Approval): ApprovalProposalType | null {
    if (kind !== 'update') return null;
    const { parameters, ...rest } = proposed as Readonly<Record<string, unknown>>;
    const given = parameters === undefined ? {} : { parameters: parametersIn(parameters as Record<string, string>) };
    return { ...rest, ...given } as unknown as ApprovalProposalType;
  }

  @FieldResolver(() => [ApprovalChangeType], {
    description:
      'What an update that waits would change in the object as it is now. Empty for registrations, deletions and once it is answered: the journal of the object keeps what was changed.',
  })
  async changes(@Root() approval: Approval, @Ctx() context: MercatorContext): Promise<readonly ProposedChange[]> {
    if (approval.kind !== 'update' || approval.status !== 'OPEN') return [];
    const live = await loadNode(context, approval.objectId);
    return live === null ? [] : proposedChanges(approval, live);
  }
}
