/** What a WSDL says, as far as messages need it. */

export const builtins = [
  'string',
  'boolean',
  'int',
  'long',
  'short',
  'byte',
  'integer',
  'nonNegativeInteger',
  'positiveInteger',
  'unsignedInt',
  'decimal',
  'double',
  'float',
  'dateTime',
  'date',
  'time',
  'base64Binary',
  'anyURI',
] as const;
export type Builtin = (typeof builtins)[number];

export interface SimpleType {
  readonly kind: 'simple';
  readonly name: string;
  readonly builtin: Builtin;
  /** The only values allowed, or null. */
  readonly values: readonly string[] | null;
}

export interface ComplexType {
  readonly kind: 'complex';
  readonly name: string;
  readonly uri: string;
  readonly fields: readonly Field[];
  /** Set for a type named ArrayOf… with one repeated element: its values are plain arrays of that element. */
  readonly item: Field | null;
  /** One sequence of elements, each at most once or any number of times: the fields say all there is to its content. */
  readonly plainSequence: boolean;
}

export type SchemaType = SimpleType | ComplexType;

export interface Field {
  readonly name: string;
  /** Namespace of the element; '' when unqualified. */
  readonly uri: string;
  readonly type: SchemaType;
  readonly required: boolean;
  readonly many: boolean;
  readonly nillable: boolean;
}

export interface OperationDescription {
  readonly name: string;
  readonly documentation: string;
  readonly action: string;
  readonly input: Field;
  readonly output: Field;
}

export interface ServiceDescription {
  readonly name: string;
  readonly documentation: string;
  readonly namespace: string;
  readonly operations: readonly OperationDescription[];
  /** Global elements by local name; used for the details of faults. */
  readonly elements: ReadonlyMap<string, Field>;
  /** Each inline schema as a document of its own, with all prefixes declared. */
  readonly schemas: readonly { readonly namespace: string; readonly text: string }[];
  /** The WSDL itself, namespaces already replaced. */
  readonly text: string;
}
