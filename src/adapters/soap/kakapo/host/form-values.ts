import { BadValue, textDecoder } from '../../kit/index.js';
import type { OperationContract, Parameter } from '../contract/index.js';
import type { Values } from '../handle.js';
import type { FormParameters } from './form-parameters.js';
import { echoed, FormProblem } from './form-problem.js';
import { namesOfParameter } from './names.js';

/**
 * The values of an operation's parameters. Values of a name that was given several times are joined by a comma, as ASP.NET does.
 * @throws FormProblem (a mandatory parameter is missing, a value is not of its type)
 */
export function readFormValues(operation: OperationContract, sent: FormParameters): Values {
  const values: Record<string, unknown> = {};
  for (const parameter of operation.parameters) {
    const name = namesOfParameter(operation, parameter.name).find((one) => sent.has(one.toLowerCase()));
    if (name !== undefined) values[parameter.name] = convert(parameter, sent.get(name.toLowerCase())!.join(','));
    else if (parameter.mandatory) throw new FormProblem(`Missing parameter: ${parameter.name}.`);
  }
  return values;
}

const readInt = textDecoder({ kind: 'simple', name: 'int', builtin: 'int', values: null });

/** A field of a form that was left empty is no value, whatever its type. */
function convert({ type }: Parameter, text: string): unknown {
  if (type === 'string') return text;
  if (text.trim() === '') return undefined;
  return type === 'int' ? convertInt(text) : convertBoolean(text);
}

function convertInt(text: string): unknown {
  try {
    return readInt(text);
  } catch (error) {
    if (error instanceof BadValue) throw unconvertible(text, 'System.Int32', error.reason);
    throw error;
  }
}

/** `true` and `false` in any case are what .NET reads; 1 and 0 it does not. */
function convertBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw unconvertible(text, 'System.Boolean', 'String was not recognized as a valid Boolean.');
}

function unconvertible(text: string, type: string, reason: string): FormProblem {
  return new FormProblem(`Cannot convert ${echoed(text)} to ${type}.\r\nParameter name: type ---> ${reason}`);
}
