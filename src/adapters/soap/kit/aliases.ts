import type { Field } from './description.js';
import { elementKey } from './dispatch.js';
import type { XmlElement } from './parse.js';

/**
 * Other spellings of input elements: theirs → the local name in the WSDL. Theirs is a local name, in the namespace of the WSDL's
 * element, or `{namespace}local`. The WSDL's own names come first: an alias never hides a field.
 */
export type ElementAliases = Readonly<Record<string, string>>;

/** Finds what an element of a message stands for among the fields of one type; undefined when it is none of them. */
export function compileLookup<Entry extends { readonly field: Field }>(
  entries: readonly Entry[],
  aliases: ElementAliases,
): (element: XmlElement) => Entry | undefined {
  const byName = new Map(entries.map((entry) => [entry.field.name, entry]));
  const byKey = new Map<string, Entry>();
  for (const [alias, name] of Object.entries(aliases)) {
    const entry = entries.find(({ field }) => field.name === name);
    if (entry === undefined) continue;
    if (alias.startsWith('{')) byKey.set(alias, entry);
    else if (!byName.has(alias)) byName.set(alias, entry);
  }
  return (element) => {
    const entry = byName.get(element.local);
    if (entry !== undefined && entry.field.uri === element.uri) return entry;
    return byKey.size === 0 ? undefined : byKey.get(elementKey(element));
  };
}
