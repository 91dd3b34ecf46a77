/** A form that cannot be carried out as it is: one line of plain text, nothing done (spec Kakapo 2.5). */
export class FormProblem extends Error {
  constructor(
    text: string,
    readonly status = 500,
  ) {
    super(text);
    this.name = 'FormProblem';
  }
}

const longest = 200;

/** What the caller sent, for a message to it. */
export function echoed(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
