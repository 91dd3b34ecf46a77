import { type CompiledService, compileService } from './compile.js';
import type { EndpointOptions, EndpointState, SoapService, SoapServiceDefinition } from './contract.js';
import { defaultSecurityWindow } from './credentials.js';
import type { ServiceDescription } from './description.js';
import { handleHttp } from './http.js';
import { defaultLimits } from './limits.js';
import { createObserver } from './observe.js';
import { compileSignatureRules } from './signature-rules.js';

/**
 * Compiles a service from its WSDL. Its endpoints share what is compiled unless their spelling differs.
 * @throws Error at once when operations and WSDL do not match
 */
export function defineSoapService<Context, Caller>(
  definition: SoapServiceDefinition<Context, Caller>,
): SoapService<Context> {
  const compiled = new Map<string, CompiledService>();
  const compile = (options: EndpointOptions): CompiledService => {
    const { namespace, namespaces, alsoNamespaces, operationAliases, elementAliases } = {
      ...definition,
      ...given(options),
    };
    const spelling = { namespace, namespaces, alsoNamespaces, operationAliases, elementAliases };
    const key = JSON.stringify(spelling);
    const service = compiled.get(key) ?? compileService(definition.wsdl, spelling);
    compiled.set(key, service);
    return service;
  };
  const main = compile({});
  checkOperations(definition.name, main.description, definition.operations);
  const observer =
    definition.observe === undefined
      ? null
      : createObserver((record) => definition.observe?.(record), definition.secretElements ?? []);

  return {
    name: definition.name,
    description: main.description,
    droppedRecords: () => observer?.dropped ?? 0,
    endpoint(context, options = {}) {
      const signatures = options.signatures ?? definition.signatures;
      const state: EndpointState<Context, Caller> = {
        definition,
        compiled: compile(options),
        context,
        strict: options.strict ?? definition.strict ?? false,
        limits: { ...defaultLimits, ...definition.limits },
        window: definition.window ?? defaultSecurityWindow,
        signatures: signatures === undefined ? null : compileSignatureRules(definition.name, signatures),
        understood: new Set(definition.understoodHeaders ?? []),
        mustUnderstand: definition.mustUnderstand ?? (definition.dispatch === 'body' ? 'before' : 'after'),
        observer,
      };
      return { description: state.compiled.description, handle: handleHttp(state) };
    },
  };
}

function given(options: EndpointOptions): EndpointOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function checkOperations(
  name: string,
  description: ServiceDescription,
  handlers: Readonly<Record<string, unknown>>,
): void {
  const declared = new Set(description.operations.map((operation) => operation.name));
  const missing = [...declared].filter((operation) => !Object.hasOwn(handlers, operation));
  const unknown = Object.keys(handlers).filter((operation) => !declared.has(operation));
  if (missing.length + unknown.length > 0) {
    throw new Error(`${name}: operations without a handler: [${missing}], handlers without an operation: [${unknown}]`);
  }
}
