import { expectEqual } from '../check.js';
import type { StepOutcome } from '../transcript.js';
import { type Console, counterDifferences } from './console.js';
import type { KakapoContext } from './context.js';
import type { Goods } from './license-goods.js';

/** A step in the operator's console; left out where nobody may enter it. */
export async function look(
  { transcript, console }: KakapoContext,
  title: string,
  work: (console: Console) => Promise<StepOutcome>,
): Promise<void> {
  if (typeof console === 'string') return transcript.skip(title, console);
  await transcript.step(title, () => work(console));
}

/** What a level of the hierarchy must have of a license. */
export interface Stock {
  /** Its own id. */
  readonly of: string;
  readonly purchased: number;
  readonly assigned: number;
  readonly free: number;
}

/** The pools of a reseller and its groups say in GraphQL what they must, and are what their rows add up to. */
export function lookAtPools(
  context: KakapoContext,
  title: string,
  resellerId: string,
  wanted: Goods,
  stocks: readonly Stock[],
): Promise<void> {
  return look(context, title, async (console) => {
    const levels = await console.poolsBelow(resellerId, wanted);
    const differences = [...counterDifferences(levels), ...expectEqual('pools', levels.length, stocks.length)];
    for (const { of, ...stock } of stocks) {
      const id = await console.objectIdOf('TENANT', of);
      const level = levels.find(({ tenantId }) => tenantId === id);
      for (const name of ['purchased', 'assigned', 'free'] as const) {
        differences.push(...expectEqual(`${name} at ${of}`, level?.[name], stock[name]));
      }
    }
    const seen = levels.map(({ tenantKind, purchased, subPurchased, assigned, free }) => {
      return `${tenantKind}: ${purchased} purchased, ${subPurchased} below, ${assigned} assigned, ${free} free`;
    });
    return {
      operation: 'GraphQL licensePoolTree',
      input: { reseller: resellerId },
      seen: seen.join('; '),
      differences,
    };
  });
}
