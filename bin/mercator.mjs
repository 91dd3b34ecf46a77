#!/usr/bin/env node
/** The `mercator` command: brings dist/ up to date when there is a compiler, then hands the arguments to dist/src/main.js. */
import { BuildError, ensureBuilt } from '../scripts/build.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Mercator needs Node 20.19 or later; this is ${process.version}.\n`);
  process.exit(1);
}

process.setSourceMapsEnabled(true);
try {
  await ensureBuilt();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

const { main } = await import('../dist/src/main.js');
process.exitCode = (await main(process.argv.slice(2))) ?? process.exitCode;
