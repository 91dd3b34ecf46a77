import { invalid } from '../../shared/errors.js';
import type { Charge } from '../model.js';

const decimal = /^(0|[1-9]\d{0,7})(?:\.(\d{1,2}))?$/;

/** `dividend / divisor` to the nearest whole number, halves to the even one. The divisor is positive. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const size = dividend < 0n ? -dividend : dividend;
  const whole = size / divisor;
  const twice = (size % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && whole % 2n === 1n);
  const rounded = up ? whole + 1n : whole;
  return dividend < 0n ? -rounded : rounded;
}

/** A decimal with up to two places, above 0 and at most 99999999.99, unchanged. Throws `invalid_value`. */
export function checkUnits(field: string, value: string): string {
  if (!decimal.test(value) || hundredthsOf(value) === 0n) {
    throw invalid(field, 'must be a decimal above 0 and at most 99999999.99 with up to two places');
  }
  return value;
}

/** Units as a whole number of hundredths: '3.5' is 350. */
export function hundredthsOf(units: string): bigint {
  const [whole = '0', places = ''] = units.split('.');
  return BigInt(whole) * 100n + BigInt(places.padEnd(2, '0'));
}

/** What one unit is still to be billed at, in minor units: without what credits offset. At most 0 = nothing is billed. */
export function unitPriceOf({ priceMinor, offsetMinor }: Pick<Charge, 'priceMinor' | 'offsetMinor'>): bigint {
  return priceMinor < 0n ? priceMinor + offsetMinor : priceMinor - offsetMinor;
}

/**
 * What is to be billed in all, in minor units: one unit's price without what credits offset, times the units, rounded once and half
 * to even. Of a RECURRING charge: for each period. Of a credit: what is left of it, negative.
 */
export function amountOf(charge: Pick<Charge, 'priceMinor' | 'offsetMinor' | 'units'>): bigint {
  return divideHalfEven(unitPriceOf(charge) * hundredthsOf(charge.units), 100n);
}

/** A negative PRORATION: never billed, used up by later ones of the same subscription and currency. */
export function isCredit({ priceMinor }: Pick<Charge, 'priceMinor'>): boolean {
  return priceMinor < 0n;
}
