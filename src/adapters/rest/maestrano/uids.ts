/** The plain uid of what may be a virtual one (spec Maestrano 1.1): the text before the first dot. */
export function unmask(uid: string): string {
  const dot = uid.indexOf('.');
  return dot === -1 ? uid : uid.slice(0, dot);
}
