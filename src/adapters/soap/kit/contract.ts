import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../core/shared/clock.js';
import type { CompiledService, Spelling } from './compile.js';
import type { AuthenticationFailed, Credentials, SecurityWindow } from './credentials.js';
import type { ServiceDescription } from './description.js';
import type { DispatchStyle } from './dispatch.js';
import type { SoapMessage } from './envelope.js';
import type { SoapFault } from './faults.js';
import type { SoapLimits } from './limits.js';
import type { SoapVersion } from './namespaces.js';
import type { Observer, SoapRecord } from './observe.js';
import type { XmlElement } from './parse.js';
import type { SignatureOptions, SignatureRules } from './signature-rules.js';

/** What the HTTP front knows of a request before the kit sees it. */
export interface RequestInfo {
  readonly requestId: string;
  /** The caller's address, proxies already accounted for. */
  readonly address: string;
  readonly secure: boolean;
  /** PUBLIC_URL, without a slash at the end. */
  readonly publicUrl: string;
  /** Path of the endpoint, without query. */
  readonly path: string;
}

/** A routed message whose caller is not known yet. */
export interface SoapRequest<Context> extends RequestInfo {
  readonly context: Context;
  /** Name in the WSDL, also when an alias was called. */
  readonly operation: string;
  readonly message: SoapMessage;
}

export interface SoapCall<Context, Caller> extends RequestInfo {
  readonly context: Context;
  readonly operation: string;
  readonly soapVersion: SoapVersion;
  readonly actor: Caller;
  /** Header blocks of the message, without wsse:Security. */
  readonly headers: readonly XmlElement[];
}

/** Takes any input type: the decoder's values follow the WSDL, which the author of the handler has read. */
export type OperationHandler<Context, Caller> = {
  bivariant(input: unknown, call: SoapCall<Context, Caller>): Promise<unknown>;
}['bivariant'];

/** What the protocol makes of an error of a handler: an answer in band, or a fault; undefined means internal. */
export type MappedError = { readonly output: unknown } | SoapFault | undefined;

export interface SoapServiceDefinition<Context, Caller> extends Spelling {
  readonly name: string;
  /** The text of the WSDL (`loadWsdl('nec/NcbsIsvService.wsdl')`). */
  readonly wsdl: string;
  readonly dispatch: DispatchStyle;
  /** Validate requests against the schema before decoding. */
  readonly strict?: boolean;
  /** One for each operation of the WSDL, by its name there. */
  readonly operations: Readonly<Record<string, OperationHandler<Context, Caller>>>;
  /** Runs before the input is decoded. Refuses by throwing AuthenticationFailed, a DomainError of kind unauthenticated, or a SoapFault. */
  authenticate(credentials: Credentials, request: SoapRequest<Context>): Promise<Caller>;
  /** Default: `authenticationFault`. */
  authenticationFault?(failure: AuthenticationFailed): SoapFault;
  mapError?(error: unknown, call: SoapCall<Context, Caller>): MappedError;
  /** A strict request that breaks the schema; default: the texts for values that cannot be converted. */
  invalidRequest?(problem: string): SoapFault;
  /** Header blocks the protocol acts on, as `{namespace}local`; wsse:Security is the kit's. */
  readonly understoodHeaders?: readonly string[];
  /** When a header that must be understood is refused; `.asmx` does it after the operation ran. Default: after, for `body` before. */
  readonly mustUnderstand?: 'before' | 'after';
  readonly clock: Clock;
  readonly window?: SecurityWindow;
  /** Take X.509 signatures. Without it a signature is not looked at, and refused where it must be understood. */
  readonly signatures?: SignatureOptions | undefined;
  readonly limits?: Partial<SoapLimits>;
  /** Check every answer against the schema: on in tests. An invalid one is reported and answered as an internal fault. */
  readonly validateResponses?: boolean;
  /** For the request inspector; called outside of the request, bounded, texts masked. */
  observe?(record: SoapRecord): void | Promise<void>;
  /** Further elements whose content is secret in this protocol. */
  readonly secretElements?: readonly string[];
  /** Somebody must look: an internal error or an invalid answer. Never shown to the caller. */
  report(problem: { message: string; requestId: string; operation: string; error: unknown }): void;
}

/** What a channel may say differently. */
export interface EndpointOptions extends Spelling {
  readonly strict?: boolean | undefined;
  /** Instead of the definition's. */
  readonly signatures?: SignatureOptions | undefined;
}

/** A service as one channel serves it. */
export interface SoapEndpoint {
  readonly description: ServiceDescription;
  /** Answers one HTTP request from its raw streams. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, info: RequestInfo): Promise<void>;
}

export interface SoapService<Context> {
  readonly name: string;
  readonly description: ServiceDescription;
  endpoint(context: Context, options?: EndpointOptions): SoapEndpoint;
  /** Records the inspector did not take. */
  droppedRecords(): number;
}

/** Everything one endpoint needs to answer; private to the kit. */
export interface EndpointState<Context, Caller> {
  readonly definition: SoapServiceDefinition<Context, Caller>;
  readonly compiled: CompiledService;
  readonly context: Context;
  readonly strict: boolean;
  readonly limits: SoapLimits;
  readonly window: SecurityWindow;
  /** Null when signatures are not taken. */
  readonly signatures: SignatureRules | null;
  readonly understood: ReadonlySet<string>;
  readonly mustUnderstand: 'before' | 'after';
  readonly observer: Observer | null;
}
