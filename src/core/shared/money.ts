import { invalid } from './errors.js';

/** Minor units of one currency (EUR 15.00 is 1500). Never a float. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

const limit = 2n ** 63n - 1n;
/** A letter mistyped would be billed. */
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Money from minor units as text; throws `invalid_value` for anything but a whole number that fits 64 bits and a currency there is (ISO 4217). */
export function parseMoney(field: string, amount: string, currency: string): Money {
  if (!/^-?\d{1,19}$/.test(amount)) throw invalid(field, 'must be minor units as a whole number in text');
  const minor = BigInt(amount);
  if (minor > limit || minor < -limit) throw invalid(field, 'is out of range');
  if (!/^[A-Z]{3}$/.test(currency)) throw invalid(field, 'the currency must be three capital letters (ISO 4217)');
  if (!currencies.has(currency)) throw invalid(field, `there is no currency ${currency} (ISO 4217)`);
  return { minor, currency };
}
