import type { KakapoContext } from '../context.js';
import { operations } from '../contract/index.js';
import { writeDisco } from './disco.js';
import { findOperation, namespacesOf } from './names.js';
import { listPage } from './pages/list-page.js';
import { methodNotFoundPage } from './pages/method-not-found-page.js';
import { operationPage } from './pages/operation-page.js';
import { plainReply, type Reply, textXml } from './respond.js';
import { writeWsdl } from './wsdl.js';

/** One or two addresses of a service are normal; more must not fill the memory. */
const remembered = 8;

/**
 * What GET answers at the address of the service itself: its description, discovery, and the pages (spec Kakapo 2.1 and 2.7), which
 * lead to `page`, the address by which the browser reaches it.
 */
export function createDocuments({ settings }: KakapoContext): (address: string, query: string, page: string) => Reply {
  const [namespace] = namespacesOf(settings);
  const { getBinding, helpPages } = settings;
  const descriptions = new Map<string, string>();

  function wsdlAt(address: string): string {
    const known = descriptions.get(address);
    if (known !== undefined) return known;
    const text = writeWsdl({ operations, namespace, address, getBinding });
    if (descriptions.size < remembered) descriptions.set(address, text);
    return text;
  }

  function pageAt(address: string, name: string): Reply {
    if (!helpPages) return plainReply(404, 'The pages of this service are switched off.');
    const place = { address, namespace, getBinding };
    if (name === '') return listPage(place, operations);
    const operation = findOperation(name, settings);
    return operation === undefined ? methodNotFoundPage(place, name) : operationPage(place, operation);
  }

  return (address, query, page) => {
    const asked = readQuery(query);
    if ((asked.get('schema') ?? '') !== '') return plainReply(500, 'The requested schema was not found.');
    if ((asked.get('wsdl') ?? '') !== '') return plainReply(500, 'The requested service description was not found.');
    if (asked.has('wsdl')) return { status: 200, contentType: textXml, body: wsdlAt(address) };
    if (asked.has('disco')) return { status: 200, contentType: textXml, body: writeDisco(address, namespace) };
    return pageAt(page, asked.get('op') ?? '');
  };
}

/** `?WSDL` and `?op=Name`: names in lower case, each with its first value; '' for none. */
function readQuery(query: string): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    if (!read.has(key)) read.set(key, value);
  }
  return read;
}
