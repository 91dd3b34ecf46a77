/** One row of the license table (docs/protocols/kakapo.md). */
export interface Goods {
  readonly applicationName: string;
  readonly licenseType: string;
}

/** What the scenarios assign; the storm has a license of its own, whose stock nobody else touches. */
export const goods = {
  desktop: { applicationName: 'UnityDesktop', licenseType: 'Pro' },
  /** Another type of the same application. */
  otherDesktop: { applicationName: 'UnityDesktop', licenseType: 'Enterprise' },
  dashboard: { applicationName: 'UnityDashboard', licenseType: 'Tabular100+' },
  mobile: { applicationName: 'UnityMobile', licenseType: 'Standard' },
} as const satisfies Record<string, Goods>;

/** Applications the sandbox defines where the hub's catalog does not have them, with all types of the license table. */
export const catalog = [
  { key: 'UnityDesktop', name: 'Unity Desktop', licenseTypes: ['Pro', 'Enterprise', 'Anywhere'] },
  {
    key: 'UnityDashboard',
    name: 'Unity Dashboard',
    licenseTypes: ['Tabular30', 'Tabular100', 'Tabular100+', 'Graphical30', 'Graphical100', 'Graphical100+'],
  },
  { key: 'UnityMobile', name: 'Unity Mobile', licenseTypes: ['Standard'] },
] as const;

/** As the service writes it: "UnityDesktop Pro". */
export const shownGoods = ({ applicationName, licenseType }: Goods): string => `${applicationName} ${licenseType}`;

/** How the service says that a level of the hierarchy has too few. */
export const outOfStock = /has (no|only \d+) free/;
