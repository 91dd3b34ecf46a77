/**
 * A person's own id out of a virtual one (spec Maestrano 1.1: `usr-….cld-…`). An id of another shape stays as it is, dots included:
 * what is before a dot of it would be somebody else's.
 */
export function unmaskUid(uid: string): string {
  return /^usr-[^.]+(?=\.)/.exec(uid)?.[0] ?? uid.replace(/\.cld-[^.]*$/, '');
}

/** The same where the group is known, whatever the shape of its id. */
export function unmaskUidIn(uid: string, groupUid: string): string {
  return isMaskedFor(uid, groupUid) ? uid.slice(0, -groupUid.length - 1) : unmaskUid(uid);
}

/** The id by which a person is known within one group alone; one that is masked already stays as it is. */
export function maskUid(uid: string, groupUid: string): string {
  return `${unmaskUidIn(uid, groupUid)}.${groupUid}`;
}

/** Whether the id is a person's of this group alone. */
export function isMaskedFor(uid: string, groupUid: string): boolean {
  return uid.endsWith(`.${groupUid}`);
}
