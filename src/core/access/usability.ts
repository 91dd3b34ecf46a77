import type { Hold, Lifecycle } from '../shared/lifecycle.js';
import { isLive } from '../shared/lifecycle.js';

/** Every link between a person and an application, as stored. */
export interface Chain {
  /** Tenant that owns the application; null for the hub's own applications. */
  readonly ownerTenant: Lifecycle | null;
  readonly application: Lifecycle;
  readonly applicationId: string;
  readonly tenantId: string;
  /** The customer tenant and all its ancestors. */
  readonly lineage: readonly Lifecycle[];
  /** null when the license is for the application as such. */
  readonly instance: (Lifecycle & { readonly id: string }) | null;
  readonly subscription: { readonly status: string } | null;
  readonly user: { readonly holds: readonly Hold[]; readonly terminatedAt: string | null };
  readonly membership: {
    readonly id: string;
    readonly holds: readonly Hold[];
    readonly terminatedAt: string | null;
    readonly roles: readonly string[];
  };
  /** Codes of the license types the person holds here. */
  readonly licenseTypes: readonly string[];
}

/** The links in the order they are looked at; the first that fails is the reason given (docs/design.md 10.8). */
export const chainLinks = [
  'ownerTenant',
  'application',
  'tenant',
  'instance',
  'subscription',
  'user',
  'membership',
  'license',
] as const;
export type ChainLink = (typeof chainLinks)[number];

export type Usability = { readonly usable: true } | { readonly usable: false; readonly reason: ChainLink };

const live = (object: { holds: readonly Hold[]; terminatedAt: string | null }): boolean =>
  object.terminatedAt === null && object.holds.length === 0;

/** May this person use this application (in this instance) now? */
export function usabilityOf(chain: Chain): Usability {
  const passes: Record<ChainLink, () => boolean> = {
    ownerTenant: () => chain.ownerTenant === null || isLive(chain.ownerTenant),
    application: () => isLive(chain.application),
    tenant: () => chain.lineage.every(isLive),
    instance: () => chain.instance === null || isLive(chain.instance),
    subscription: () => chain.subscription === null || chain.subscription.status === 'ACTIVE',
    user: () => live(chain.user),
    membership: () => live(chain.membership),
    license: () => chain.licenseTypes.length > 0,
  };
  const reason = chainLinks.find((link) => !passes[link]());
  return reason === undefined ? { usable: true } : { usable: false, reason };
}

/** What carries traffic: nobody signs in there, so the links to a person are not asked. */
export type TrafficChain = Pick<Chain, 'ownerTenant' | 'application'> & { readonly instance: Lifecycle | null };
export type TrafficLink = 'ownerTenant' | 'application' | 'instance';

/** The first of owner, application and instance that is stopped (docs/design.md 10.8); undefined while traffic may flow. */
export function stoppedTrafficLink({ ownerTenant, application, instance }: TrafficChain): TrafficLink | undefined {
  if (ownerTenant !== null && !isLive(ownerTenant)) return 'ownerTenant';
  if (!isLive(application)) return 'application';
  return instance === null || isLive(instance) ? undefined : 'instance';
}

/** Of several chains the first usable one; else the one that got furthest, because its reason helps most. */
export function bestChain(chains: readonly Chain[]): { chain: Chain; usability: Usability } | undefined {
  const judged = chains.map((chain) => ({ chain, usability: usabilityOf(chain) }));
  const progress = (u: Usability): number => (u.usable ? chainLinks.length : chainLinks.indexOf(u.reason));
  return judged.sort((a, b) => progress(b.usability) - progress(a.usability))[0];
}
