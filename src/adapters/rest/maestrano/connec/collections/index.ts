import type { MaestranoSettings } from '../../config.js';
import type { SharedCollection } from './collection.js';
import { company } from './company.js';
import { organizations } from './organizations.js';
import { people } from './people.js';
import { recordsOf } from './records.js';

export type { SharedCollection, SharedObject, SharingPlace } from './collection.js';

/** What a channel shares, in the order it is taken over: what others refer to comes first. */
export function sharedCollections({ share }: Pick<MaestranoSettings, 'share'>): ReadonlyMap<string, SharedCollection> {
  const shared = [
    ...(share.company ? [company] : []),
    ...(share.organizations ? [organizations] : []),
    ...(share.people ? [people] : []),
  ];
  const taken = new Set(['company', 'organizations', 'people']);
  const declared = share.collections.filter(({ collection }) => !taken.has(collection)).map(recordsOf);
  return new Map([...shared, ...declared].map((collection) => [collection.name, collection]));
}
