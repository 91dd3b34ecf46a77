const notAscii = /[^\p{ASCII}]/u;

/** On MySQL comparing an ASCII column with other text is an error; nothing can be equal, so it is not asked. */
export function isAscii(text: string): boolean {
  return !notAscii.test(text);
}
