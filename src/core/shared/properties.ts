import { invalid } from './errors.js';
import { checkProse, checkText } from './text.js';

/** A name-value pair kept for whoever manages an object; `null` = named, without a value. */
export interface Property {
  readonly name: string;
  readonly value: string | null;
}

/** At most 200 properties, names of 200 characters and unique, values of 4,000; in the order given. Throws `invalid_value`. */
export function checkProperties(properties: readonly Property[]): readonly Property[] {
  if (properties.length > 200) throw invalid('properties', 'must not be more than 200');
  const names = new Set<string>();
  return properties.map(({ name, value }) => {
    checkText('property name', name);
    if (names.has(name)) throw invalid('properties', `"${name}" is given twice`);
    names.add(name);
    return { name, value: value === null ? null : checkProse(`property ${name}`, value, 4_000) };
  });
}
