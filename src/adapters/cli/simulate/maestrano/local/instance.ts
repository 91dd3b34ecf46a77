import type { Group, LocalMarketplace } from './model.js';
import type { World } from './world.js';

/** What a dashboard calls a group's purchase: `/launch/:instance`. Uids alone say nothing about the marketplace. */
export function instanceKey(marketplace: LocalMarketplace, group: Group): string {
  return `${marketplace.name}.${group.uid}`;
}

export interface Purchase {
  readonly marketplace: LocalMarketplace;
  readonly group: Group;
}

export function purchaseOf({ marketplaces }: World, key: string): Purchase | undefined {
  const dot = key.lastIndexOf('.');
  const marketplace = marketplaces.get(key.slice(0, dot));
  const group = marketplace?.groups.get(key.slice(dot + 1));
  return marketplace === undefined || group === undefined ? undefined : { marketplace, group };
}

/** Where a launch sends the browser: the hub, which then asks who it is. */
export function launchUrl({ marketplace, group }: Purchase): string {
  return `${marketplace.hubUrl}${marketplace.paths.init}?${new URLSearchParams({ group_id: group.uid })}`;
}
