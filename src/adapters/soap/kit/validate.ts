import type { XsdValidator } from 'libxml2-wasm';
import type { ServiceDescription } from './description.js';
import { xsdUri } from './namespaces.js';
import { type ParseLimits, parseXml } from './parse.js';

/** Finds the first violation of the schema in the element of the Body, or null. */
export type ValidateBody = (document: string) => string | null;

const schemaLimits: ParseLimits = {
  depth: 64,
  elements: 200_000,
  attributesPerElement: 64,
  attributes: 500_000,
  textLength: 1_000_000,
};
let counter = 0;

/** A validator for the documents of one service. The library and the schema are loaded at the first call. */
export function lazyValidator(description: ServiceDescription): () => Promise<ValidateBody> {
  let ready: Promise<ValidateBody> | null = null;
  return () => {
    ready ??= load(description);
    return ready;
  };
}

async function load(description: ServiceDescription): Promise<ValidateBody> {
  const xml = await import('libxml2-wasm');
  counter += 1;
  const files: Record<string, Uint8Array> = {};
  const names = new Map(
    description.schemas.map(({ namespace }, index) => [namespace, `soap-kit-${counter}-${index}.xsd`]),
  );
  for (const { namespace, text } of description.schemas)
    files[names.get(namespace)!] = Buffer.from(locateImports(text, names));
  // serves these names and nothing else: neither files nor the network are open to the library
  const provider = new xml.XmlBufferInputProvider(files);
  xml.xmlRegisterInputProvider(provider);
  const imports = [...names].map(([uri, file]) => `<xs:import namespace="${uri}" schemaLocation="${file}"/>`).join('');
  const document = xml.XmlDocument.fromString(`<xs:schema xmlns:xs="${xsdUri}">${imports}</xs:schema>`);
  let validator: XsdValidator;
  try {
    validator = xml.XsdValidator.fromDoc(document);
  } finally {
    document.dispose();
    xml.xmlCleanupInputProvider();
  }
  return (text) => {
    // the text is decoded already, whatever its declaration says
    const parsed = xml.XmlDocument.fromString(text.replace(/^<\?xml[^>]*\?>/, ''), {
      option: xml.ParseOption.XML_PARSE_NO_XXE | xml.ParseOption.XML_PARSE_NONET,
    });
    try {
      const body = parsed.get('/*/*[local-name()="Body" and namespace-uri()=namespace-uri(/*)]/*');
      if (body instanceof xml.XmlElement) validator.validate(body);
      return null;
    } catch (error) {
      if (error instanceof xml.XmlValidateError) return error.details[0]?.message.trim() ?? error.message;
      throw error;
    } finally {
      parsed.dispose();
    }
  };
}

/** Inline schemas import one another by namespace alone; alone in a file they need to say where. */
function locateImports(text: string, names: ReadonlyMap<string, string>): string {
  const root = parseXml(text, schemaLimits);
  let located = text;
  for (const node of [...root.children].reverse()) {
    if (node.uri !== xsdUri || node.local !== 'import') continue;
    const namespace = node.attributes.find((a) => a.local === 'namespace')?.value ?? '';
    const prefix = node.prefix === '' ? '' : `${node.prefix}:`;
    const place = names.get(namespace);
    const location = place === undefined ? '' : ` schemaLocation="${place}"`;
    located = `${located.slice(0, node.start)}<${prefix}import namespace="${namespace}"${location}/>${located.slice(node.end)}`;
  }
  return located;
}
