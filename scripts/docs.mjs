/** `npm run docs`: writes the pages that are printed from code. Tests compare them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, projectRoot } from './build.mjs';
import { errorsPage } from './errors-page.mjs';

await build();
const { configurationPage } = await import('../dist/src/platform/configuration-page.js');
const { errorCatalogue } = await import('../dist/src/core/shared/errors.js');
await writeFile(join(projectRoot, 'docs/configuration.md'), configurationPage());
await writeFile(join(projectRoot, 'docs/errors.md'), errorsPage(errorCatalogue));
