import type { Untold } from './claim.js';
import type { SharedCollection } from './collections/index.js';
import { isConnecFailure } from './failure.js';
import type { SharingGroup } from './group.js';
import { ownEntry } from './ids.js';
import { lookUp } from './look-up.js';
import { matchingFor } from './matching.js';
import type { JsonObject } from './paths.js';
import { outwards, type ReferenceState } from './references.js';

/** Makes or changes the record there. `fate` says whether it may have been made should this or what follows fail. */
export async function send(
  group: SharingGroup,
  collection: SharedCollection,
  untold: Untold,
  states: ReadonlyMap<string, ReferenceState>,
  fate: { uncertain: boolean },
): Promise<JsonObject> {
  const { client, source } = group;
  const { name, singular } = collection;
  const fields = outwards(untold.changed, source, states);
  const content = collection.render(fields);
  if (singular) return client.send({ method: 'put', collection: name, entity: content });
  const entity = { ...content, id: ownEntry(untold.ownId, source) };
  const change = (id: string): Promise<JsonObject> => client.send({ method: 'put', collection: name, id, entity });
  if (untold.share.connecId !== null) return change(untold.share.connecId);
  if (untold.lookFirst) {
    const made = await lookUp(group, name, untold.ownId, untold.share.attempt?.begunAt ?? null);
    if (made !== undefined) return change(made);
  }
  fate.uncertain = true;
  try {
    const matchingFields = matchingFor(collection, fields);
    return await client.send({ method: 'post', collection: name, entity, matchingFields });
  } catch (error) {
    fate.uncertain = !isConnecFailure(error) || isConnecFailure(error, 'unanswered', 'tooLarge');
    const known = isConnecFailure(error, 'conflict') ? await lookUp(group, name, untold.ownId, null) : undefined;
    if (known === undefined) throw error;
    return change(known);
  }
}
