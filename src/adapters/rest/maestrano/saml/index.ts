export { createBeginUrl } from './begin-again.js';
export { consumeHandler } from './consume.js';
export { initHandler } from './init.js';
export { createRecheck } from './recheck.js';
export { createSignOutUrl } from './sign-out.js';
