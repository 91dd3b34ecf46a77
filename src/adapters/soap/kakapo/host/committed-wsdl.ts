import { operations } from '../contract/index.js';
import { defaultNamespace } from './names.js';
import { writeWsdl } from './wsdl.js';

/** wsdl/kakapo/ProvisionV3.wsdl: the description as it is without settings, for whoever has no hub at hand. */
export function committedWsdl(): string {
  const address = 'http://localhost/KakapoProvision/ProvisionV3.asmx';
  return writeWsdl({ operations, namespace: defaultNamespace, address, getBinding: true });
}
