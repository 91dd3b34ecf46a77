/** `npm run bench`: the hub beside what the same SQL costs by hand (docs/performance.md). `--help` shows the options. */
import { main } from '../bench/main.mjs';

process.exitCode = await main(process.argv.slice(2));
