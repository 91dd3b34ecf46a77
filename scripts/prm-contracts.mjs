/**
 * `npm run contracts`: writes wsdl/prm/<Service>.wsdl from wsdl/prm/contract.json; with `--check` compares instead and fails when
 * one differs.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { generate, readContract } from './prm-wsdl.mjs';

const folder = new URL('../wsdl/prm/', import.meta.url);
const check = process.argv.includes('--check');

const generated = Object.entries(generate(await readContract()));
const different = [];
for (const [file, text] of generated) {
  const committed = await readFile(new URL(file, folder), 'utf8').catch(() => '');
  if (committed !== text) different.push([file, text]);
}

if (different.length === 0) {
  process.stdout.write(`all ${generated.length} files of wsdl/prm are up to date\n`);
} else if (check) {
  for (const [file] of different) process.stderr.write(`wsdl/prm/${file} differs from the contract\n`);
  process.stderr.write('Run `npm run contracts`.\n');
  process.exitCode = 1;
} else {
  for (const [file, text] of different) await writeFile(new URL(file, folder), text);
  process.stdout.write(`${different.length} of ${generated.length} files of wsdl/prm written\n`);
}
