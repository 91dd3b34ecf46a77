import type { Approval } from '../../../core/provisioning/index.js';
import type { PendingApproval } from '../../../core/shared/lifecycle.js';
import type { MercatorContext } from '../services.js';

export const openApprovalMeaning =
  'The request an operator has not answered yet; null when none waits that you may see.';

const open = { first: 1, filter: { status: { eq: 'OPEN' } } } as const;

/** At most one is open for an object, and its own row says whether there is one. */
export async function openApprovalOf(
  { id, pending }: { readonly id: string; readonly pending: PendingApproval },
  { loaders, services }: MercatorContext,
): Promise<Approval | null> {
  if (pending === '') return null;
  const page = await loaders.children(services.readers.approvals, 'objectId', id, open);
  return page.nodes[0] ?? null;
}
