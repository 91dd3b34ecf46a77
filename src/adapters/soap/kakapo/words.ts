const longest = 200;

/** Text of a caller as it is shown to them: shortened, without what no answer may hold. */
export function shown(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu, '\ufffd');
  if (plain.length <= longest) return plain;
  return `${plain.slice(0, longest).replace(/\p{Surrogate}$/u, '')}…`;
}

export const levels = ['system provider', 'reseller', 'group'] as const;
export type Level = (typeof levels)[number];

/** `reseller 'ent1'`. */
export function placeName(level: Level, id: string): string {
  return `${level} '${shown(id)}'`;
}

export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
