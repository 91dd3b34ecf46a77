/** A person's own id out of a virtual one: what is before the first dot (spec Maestrano 1.1). */
export function unmaskUid(uid: string): string {
  const dot = uid.indexOf('.');
  return dot === -1 ? uid : uid.slice(0, dot);
}

/** The id by which a person is known within one group alone; one that is masked already stays as it is. */
export function maskUid(uid: string, groupUid: string): string {
  return `${unmaskUid(uid)}.${groupUid}`;
}

/** Whether the id is a person's of this group alone. */
export function isMaskedFor(uid: string, groupUid: string): boolean {
  return uid.endsWith(`.${groupUid}`);
}
