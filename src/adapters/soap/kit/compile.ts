import type { ElementAliases } from './aliases.js';
import { compileDecoder } from './decode.js';
import type { Field, OperationDescription, ServiceDescription } from './description.js';
import { elementKey, type RouteTable } from './dispatch.js';
import type { SoapFault } from './faults.js';
import { XmlElement } from './parse.js';
import { compilePlain, type IsPlain } from './plain-message.js';
import { compileRespeller, type Respell } from './respell.js';
import { lazyValidator, type ValidateBody } from './validate.js';
import { compileElementWriter, type WriteElement } from './write.js';
import { actionOf, readWsdl, replaceNamespaces } from './wsdl-reader.js';

/** One operation under one spelling of its names. */
export interface CompiledOperation {
  readonly name: string;
  /** The input of the Body's element; of null, or of an element that is not this operation's, everything undefined. */
  readonly decode: (request: XmlElement | null) => unknown;
  /** For validation; undefined when messages have the WSDL's names anyway. */
  readonly respell: Respell | undefined;
  /** The content of the answer's Body. */
  readonly write: (output: unknown) => string;
  /** The same with the names of the WSDL; differs from `write` under an alias. */
  readonly writeCanonical: (output: unknown) => string;
  /** Whether a request is valid at first sight, so that the schema need not be asked. */
  readonly isPlain: IsPlain;
  readonly validator: () => Promise<ValidateBody>;
  readonly faultDetail: (fault: SoapFault) => string;
}

export interface CompiledService {
  readonly description: ServiceDescription;
  readonly routes: RouteTable<CompiledOperation>;
}

export interface Spelling {
  /** Replaces the WSDL's target namespace. */
  readonly namespace?: string | undefined;
  /** Replaces further namespaces: the WSDL's → ours. */
  readonly namespaces?: Readonly<Record<string, string>> | undefined;
  /** Namespaces accepted beside the main one; the answer is in the one received. */
  readonly alsoNamespaces?: readonly string[] | undefined;
  /** Other names of operations: theirs → the WSDL's. */
  readonly operationAliases?: Readonly<Record<string, string>> | undefined;
  readonly elementAliases?: ElementAliases | undefined;
}

/** Compiles a WSDL under one spelling. @throws Error at start for an unreadable WSDL or an alias of nothing */
export function compileService(wsdlText: string, spelling: Spelling): CompiledService {
  const original = readWsdl(wsdlText);
  const byAction = new Map<string, CompiledOperation>();
  const byElement = new Map<string, CompiledOperation>();
  let main: ServiceDescription | null = null;
  for (const namespace of [spelling.namespace ?? original.namespace, ...(spelling.alsoNamespaces ?? [])]) {
    const replacements = { ...spelling.namespaces, [original.namespace]: namespace };
    const text = replaceNamespaces(wsdlText, replacements);
    const description = text === wsdlText ? original : readWsdl(text);
    main ??= description;
    addRoutes(description, spelling, byAction, byElement);
  }
  return { description: main ?? original, routes: { byAction, byElement } };
}

function addRoutes(
  description: ServiceDescription,
  spelling: Spelling,
  byAction: Map<string, CompiledOperation>,
  byElement: Map<string, CompiledOperation>,
): void {
  const validator = lazyValidator(description);
  const faultDetail = detailWriter(description);
  const add = (operation: OperationDescription, name: string): void => {
    const compiled = compileOperation(operation, name, spelling.elementAliases ?? {}, validator, faultDetail);
    const actions = [actionOf(description.namespace, name)];
    if (name === operation.name && operation.action !== '') actions.push(operation.action);
    for (const action of actions) if (!byAction.has(action)) byAction.set(action, compiled);
    const key = `{${operation.input.uri}}${name === operation.name ? operation.input.name : name}`;
    if (!byElement.has(key)) byElement.set(key, compiled);
  };
  for (const operation of description.operations) add(operation, operation.name);
  for (const [alias, name] of Object.entries(spelling.operationAliases ?? {})) {
    const operation = description.operations.find((candidate) => candidate.name === name);
    if (operation === undefined) throw new Error(`operation alias "${alias}": there is no operation "${name}"`);
    add(operation, alias);
  }
}

function compileOperation(
  operation: OperationDescription,
  spelledName: string,
  aliases: ElementAliases,
  validator: () => Promise<ValidateBody>,
  faultDetail: (fault: SoapFault) => string,
): CompiledOperation {
  const { input, output } = operation;
  const decode = compileDecoder(input.type, aliases);
  const nothing = new XmlElement('', '', '', [], null, 0);
  const wrapperName = spelledName === operation.name ? input.name : spelledName;
  const key = `{${input.uri}}${wrapperName}`;
  const writeCanonical = outputWriter(output, compileElementWriter(output));
  const write =
    spelledName === operation.name
      ? writeCanonical
      : outputWriter(
          output,
          compileElementWriter(output, {
            [output.name]: `${spelledName}Response`,
            [`${operation.name}Result`]: `${spelledName}Result`,
          }),
        );
  return {
    name: operation.name,
    decode: (request) => decode(request !== null && elementKey(request) === key ? request : nothing) ?? decode(nothing),
    respell: compileRespeller(input, wrapperName, aliases),
    write,
    writeCanonical,
    isPlain: compilePlain(input),
    validator,
    faultDetail,
  };
}

/** A handler returns the content of the wrapper's only element; nothing for a void one; an object when there are more. */
function outputWriter(wrapper: Field, write: WriteElement): (output: unknown) => string {
  const fields = wrapper.type.kind === 'complex' ? wrapper.type.fields : [];
  const only = fields.length === 1 ? fields[0]!.name : null;
  if (fields.length === 0) return () => write({});
  return only === null ? write : (output) => write({ [only]: output });
}

function detailWriter(description: ServiceDescription): (fault: SoapFault) => string {
  const writers = new Map<string, WriteElement>();
  return (fault) => {
    const { detail } = fault.options;
    if (detail === undefined) return '';
    const declared = description.elements.get(detail.element);
    if (declared === undefined) return `<${detail.element} />`;
    const writer = writers.get(detail.element) ?? compileElementWriter(declared);
    writers.set(detail.element, writer);
    return writer(detail.value ?? {});
  };
}
