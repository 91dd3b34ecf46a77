import { type Instant, toInstant } from '../../../../../../core/shared/clock.js';
import type { LocalMarketplace } from '../model.js';
import type { FieldErrors } from './envelope.js';

type Given = Readonly<Record<string, unknown>>;

/** Reads the fields of a bill and notes what is wrong with them, all at once. */
export class FieldReader {
  readonly #given: Given;
  readonly #errors = new Map<string, string[]>();

  constructor(given: Given) {
    this.#given = given;
  }

  get errors(): FieldErrors | undefined {
    return this.#errors.size === 0 ? undefined : Object.fromEntries(this.#errors);
  }

  blame(name: string, problem: string): void {
    this.#errors.set(name, [...(this.#errors.get(name) ?? []), problem]);
  }

  text(name: string): string {
    const value = this.#given[name];
    return value === undefined || value === null ? '' : String(value);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value.trim() === '') this.blame(name, "can't be blank");
    return value;
  }

  /** The group, which must be one this application may bill. */
  group({ groups }: LocalMarketplace): string {
    const uid = this.text('group_id');
    if (groups.get(uid)?.status !== 'running')
      this.blame('group_id', 'does not exist or cannot be charged by your service');
    return uid;
  }

  integer(name: string, least: number, otherwise?: number): number {
    const value = this.text(name);
    if (value === '' && otherwise !== undefined) return otherwise;
    const number = Number(value === '' ? Number.NaN : value);
    if (!Number.isInteger(number)) this.blame(name, 'is not a number');
    else if (number < least) this.blame(name, `must be greater than or equal to ${least}`);
    return number;
  }

  /** decimal(10,2), more than nothing. */
  units(): number {
    const value = this.text('units') || '1.0';
    if (!/^\d{1,8}(\.\d{1,2})?0*$/.test(value) || Number(value) <= 0) this.blame('units', 'must be greater than 0');
    return Number(value);
  }

  currency(): string {
    const value = this.text('currency') || 'AUD';
    if (!/^[A-Z]{3}$/.test(value)) this.blame('currency', 'is not included in the list');
    return value;
  }

  instant(name: string): Instant | null {
    const value = this.text(name);
    if (value === '') return null;
    const milliseconds = Date.parse(value);
    if (!Number.isNaN(milliseconds)) return toInstant(milliseconds);
    this.blame(name, 'is not a date');
    return null;
  }

  flag(name: string): boolean {
    return ['true', '1'].includes(this.text(name));
  }
}
