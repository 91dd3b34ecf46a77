import type { AnswerContract, OperationContract, ValueType } from '../contract/index.js';
import { element, type Markup } from './markup.js';

/** The one inline schema: a wrapper for each request and each answer, then the types, then an element for each answer of the forms. */
export function schemaOf(operations: readonly OperationContract[], namespace: string): Markup {
  const answers = answersOf(operations);
  return element('s:schema', { elementFormDefault: 'qualified', targetNamespace: namespace }, [
    ...operations.flatMap((operation) => [requestOf(operation), responseOf(operation)]),
    commonType,
    ...answers.flatMap((answer) => typesOf(answer)),
    ...[commonName, ...answers.map(({ type }) => type)].map((type) =>
      element('s:element', { name: type, nillable: 'true', type: `tns:${type}` }),
    ),
  ]);
}

/** The answers that are more than the common one, each once. */
function answersOf(operations: readonly OperationContract[]): readonly AnswerContract[] {
  const all = operations.map(({ answer }) => answer).filter(({ list }) => list !== undefined);
  return [...new Map(all.map((answer) => [answer.type, answer])).values()];
}

const commonName = 'ProvisionResponse';

/** Values have no null, so they are always there; what .NET calls a reference may be absent. */
function field(name: string, type: ValueType): Markup {
  const [minOccurs, maxOccurs] = [type === 'string' ? '0' : '1', '1'];
  return element('s:element', { minOccurs, maxOccurs, name, type: `s:${type}` });
}

function perhaps(name: string, type: string): Markup {
  return element('s:element', { minOccurs: '0', maxOccurs: '1', name, type: `tns:${type}` });
}

function wrapper(name: string, fields: readonly Markup[]): Markup {
  return element('s:element', { name }, [element('s:complexType', {}, [element('s:sequence', {}, fields)])]);
}

function requestOf({ name, parameters }: OperationContract): Markup {
  return wrapper(
    name,
    parameters.map((parameter) => field(parameter.name, parameter.type)),
  );
}

function responseOf({ name, answer }: OperationContract): Markup {
  return wrapper(`${name}Response`, [perhaps(`${name}Result`, answer.type)]);
}

const commonType = element('s:complexType', { name: commonName }, [
  element('s:sequence', {}, [field('success', 'boolean'), field('errorMessage', 'string')]),
]);

function typesOf({ type, list }: AnswerContract): readonly Markup[] {
  if (list === undefined) return [];
  const { name, item, fields } = list;
  const array = `ArrayOf${item}`;
  const items = { minOccurs: '0', maxOccurs: 'unbounded', name: item, nillable: 'true', type: `tns:${item}` };
  return [
    element('s:complexType', { name: type }, [
      element('s:complexContent', { mixed: 'false' }, [
        element('s:extension', { base: `tns:${commonName}` }, [element('s:sequence', {}, [perhaps(name, array)])]),
      ]),
    ]),
    element('s:complexType', { name: array }, [element('s:sequence', {}, [element('s:element', items)])]),
    element('s:complexType', { name: item }, [
      element(
        's:sequence',
        {},
        fields.map((one) => field(one.name, one.type)),
      ),
    ]),
  ];
}
