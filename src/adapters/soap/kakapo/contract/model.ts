/** Types an .asmx parameter or field has here; their XSD names are the same. */
export type ValueType = 'string' | 'int' | 'boolean' | 'dateTime';

/** One parameter of an operation. A missing mandatory one is a refusal that names it; a missing optional one is null. */
export interface Parameter {
  readonly name: string;
  readonly type: Exclude<ValueType, 'dateTime'>;
  readonly mandatory: boolean;
}

export interface AnswerField {
  readonly name: string;
  readonly type: ValueType;
  /** False for what may be absent (a group's id of something that stands at its reseller). */
  readonly always: boolean;
}

/** What an operation answers beside `success` and `errorMessage`: one list of one kind of item, or nothing. */
export interface AnswerContract {
  /** Name of the XSD type; `ProvisionResponse` for the common answer. */
  readonly type: string;
  /** The element that holds the items and the name of each item. */
  readonly list?: { readonly name: string; readonly item: string; readonly fields: readonly AnswerField[] };
}

export interface OperationContract {
  readonly name: string;
  /** One paragraph for the WSDL and the help page. */
  readonly description: string;
  /** In their order, the two of the login first. */
  readonly parameters: readonly Parameter[];
  readonly answer: AnswerContract;
}
