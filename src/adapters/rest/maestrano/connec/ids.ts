/** Ids as Connec! writes them (spec Maestrano 1.8.3): a plain text, or an array with an entry of everybody who knows the record. */

/** Who we are in an id array: our name, and the account in it that the group's data is in. */
export interface IdSource {
  readonly provider: string;
  readonly realm: string;
}

export interface ReadId {
  /** Connec!'s own id. */
  readonly connec?: string;
  /** Ours, when Connec! has been told. */
  readonly own?: string;
}

/** One record's entry among the ids of all who share it. */
export interface IdEntry extends IdSource {
  readonly id: string;
}

/** Connec!'s ids are UUIDs; what is far longer is none. */
const longestId = 200;

export function isIdArray(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => typeof entry === 'object' && entry !== null && 'id' in entry && 'provider' in entry)
  );
}

/** Reads either form; whatever is neither names nothing. */
export function readId(value: unknown, { provider, realm }: IdSource): ReadId {
  if (typeof value === 'string') return usable(value) ? { connec: value } : {};
  if (!isIdArray(value)) return {};
  const connec = value.find((entry) => entry.provider === 'connec')?.id;
  const own = value.find((entry) => entry.provider === provider && entry.realm === realm)?.id;
  return { ...(usable(connec) && { connec }), ...(usable(own) && { own }) };
}

/** What we write: our own entry alone, Connec! adds its own. */
export function ownEntry(id: string, { provider, realm }: IdSource): readonly [IdEntry] {
  return [{ id, provider, realm }];
}

function usable(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= longestId && id === id.trim();
}
