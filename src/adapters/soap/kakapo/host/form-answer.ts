import type { AnswerContract } from '../contract/index.js';
import type { Answer } from '../handle.js';
import { element, type Markup, printMarkup, xmlDeclaration } from './markup.js';

const schemaAttributes = {
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
};

/** The answer of a form call: the type it returns is the root, indented (spec Kakapo 2.5). */
export function writeFormAnswer({ type, list }: AnswerContract, answer: Answer, namespace: string): string {
  const { success, errorMessage } = answer;
  const content = [element('success', {}, String(success))];
  if (errorMessage !== undefined) content.push(element('errorMessage', {}, errorMessage));
  const items = list === undefined ? undefined : (answer[list.name] as readonly object[] | undefined);
  if (list !== undefined && items !== undefined) {
    const names = list.fields.map(({ name }) => name);
    content.push(
      element(
        list.name,
        {},
        items.map((item) => element(list.item, {}, fieldsOf(item as Readonly<Record<string, unknown>>, names))),
      ),
    );
  }
  const root = element(type, { ...schemaAttributes, xmlns: namespace }, content);
  return `${xmlDeclaration}\r\n${printMarkup(root, '\r\n')}`;
}

function fieldsOf(item: Readonly<Record<string, unknown>>, names: readonly string[]): readonly Markup[] {
  return names.flatMap((name) => {
    const value = item[name];
    return value === undefined || value === null ? [] : [element(name, {}, String(value))];
  });
}
