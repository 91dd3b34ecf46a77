import { hour, type Instant, shift } from '../../../../core/shared/clock.js';
import type { SharingGroup } from './group.js';
import { readId } from './ids.js';
import { isObject } from './paths.js';

/** Clocks differ. */
const overlap = hour;
const mostPages = 100;

/** Connec!'s id of the record it knows by ours, among those that changed since then (null = ever); undefined when it has none. */
export async function lookUp(
  { client, source }: SharingGroup,
  collection: string,
  ownId: string,
  since: Instant | null,
): Promise<string | undefined> {
  let url: string | null = client.firstPage(collection, { since: since === null ? null : shift(since, -overlap) });
  for (let pages = 0; url !== null && pages < mostPages; pages += 1) {
    const { entities, next } = await client.page(collection, url);
    const found = entities.filter(isObject).map((entity) => readId(entity.id, source));
    const known = found.find(({ own, connec }) => own === ownId && connec !== undefined);
    if (known !== undefined) return known.connec;
    url = next;
  }
  return undefined;
}
