/** A refusal in the service's own words: `success=false` with this text. Nothing has been done. */
export class Refusal extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'Refusal';
  }
}
