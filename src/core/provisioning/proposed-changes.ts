import type { Property } from '../shared/properties.js';
import type { Approval } from './model.js';

/** One thing an update would change, as text for people. */
export interface ProposedChange {
  /** `name`; what has parts is told by them: `contact.email`, `parameters.size`, `properties.region`. */
  readonly field: string;
  /** As it is now; null when it is not there. */
  readonly from: string | null;
  /** As it would be; null when it would be gone. */
  readonly to: string | null;
}

/**
 * What an open request for an update would change in the object as it is now. While it waits the object keeps its data, so this is
 * also what was asked for. Nothing for registrations, deletions and answered requests. The order of properties does not count;
 * one with a name only reads ''.
 */
export function proposedChanges(
  { kind, status, proposed }: Pick<Approval, 'kind' | 'status' | 'proposed'>,
  live: object,
): ProposedChange[] {
  if (kind !== 'update' || status !== 'OPEN') return [];
  const present = live as Readonly<Record<string, unknown>>;
  return Object.entries(proposed).flatMap(([field, wanted]) => {
    const [before, after] = [partsOf(field, present[field]), partsOf(field, wanted)];
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((part) => before.get(part) !== after.get(part))
      .map((part) => ({ field: part, from: textOf(before, part), to: textOf(after, part) }));
  });
}

type Parts = ReadonlyMap<string, string | null>;

function textOf(parts: Parts, part: string): string | null {
  return parts.has(part) ? (parts.get(part) ?? '') : null;
}

/** A text is one part, a list of pairs and a record have one for each of theirs. */
function partsOf(field: string, value: unknown): Parts {
  if (typeof value === 'string') return new Map([[field, value]]);
  if (Array.isArray(value)) {
    return new Map((value as readonly Property[]).map((pair) => [`${field}.${pair.name}`, pair.value]));
  }
  const parts = Object.entries((value ?? {}) as Readonly<Record<string, string>>);
  // What nobody said of a contact is as good as empty.
  const said = field === 'contact' ? parts.filter(([, text]) => text !== '') : parts;
  return new Map(said.map(([name, text]) => [`${field}.${name}`, text]));
}
