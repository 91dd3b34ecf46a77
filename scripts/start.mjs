/** `npm start`: builds what is stale, then runs `mercator start` in this same process, so that signals reach it. */
process.argv.splice(2, 0, 'start');
await import('../bin/mercator.mjs');
