import { escapeAttribute, escapeText } from '../../kit/index.js';

/** An element of a document we write: text, or elements, one below the other. */
export interface Markup {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Markup[];
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  content: string | readonly Markup[] = [],
): Markup {
  return { name, attributes, content };
}

/** Indented by two blanks for each level, as .NET writes documents; `newline` stands between lines. */
export function printMarkup(root: Markup, newline: string): string {
  const lines: string[] = [];
  print(root, '', lines);
  return lines.join(newline);
}

function print({ name, attributes, content }: Markup, indent: string, lines: string[]): void {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`);
  const open = `${indent}<${name}${pairs.join('')}`;
  if (content.length === 0) lines.push(`${open} />`);
  else if (typeof content === 'string') lines.push(`${open}>${escapeText(content)}</${name}>`);
  else {
    lines.push(`${open}>`);
    for (const child of content) print(child, `${indent}  `, lines);
    lines.push(`${indent}</${name}>`);
  }
}

export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8"?>';
