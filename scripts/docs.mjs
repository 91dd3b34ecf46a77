/** `npm run docs`: writes the pages that are printed from code. Tests compare them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, projectRoot } from './build.mjs';

await build();
const { configurationPage } = await import('../dist/src/platform/configuration-page.js');
await writeFile(join(projectRoot, 'docs/configuration.md'), configurationPage());
