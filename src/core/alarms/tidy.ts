/** Characters of `info` and `additionalInfo`. */
export const longestInfo = 2_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot carry is what is replaced
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text of others (a receiver's answer, a driver's error) as every protocol can carry it, at most `longestInfo` characters. */
export function tidy(text: string): string {
  const fit = text.length <= longestInfo ? text : [...text].slice(0, longestInfo).join('');
  return fit.replaceAll(unspeakable, '\ufffd');
}
