/** Writes wsdl/kakapo/ProvisionV3.wsdl, the description of the service as it is served by default. A test compares. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, projectRoot } from './build.mjs';

await build();
const { committedWsdl } = await import('../dist/src/adapters/soap/kakapo/host/committed-wsdl.js');
await writeFile(join(projectRoot, 'wsdl/kakapo/ProvisionV3.wsdl'), committedWsdl());
