export { exitCodes } from './exit-codes.js';
export * from './ports.js';
export { runCli } from './program.js';
