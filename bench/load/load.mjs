import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The load generator's process; one job at a time. */
export function startGenerator() {
  const child = fork(fileURLToPath(new URL('./generator.mjs', import.meta.url)));
  return {
    run(job) {
      return new Promise((resolve, reject) => {
        const ended = (code) => reject(new Error(`the load generator ended (${code})`));
        child.once('exit', ended);
        child.once('message', ({ result, error }) => {
          child.off('exit', ended);
          if (error === undefined) resolve(result);
          else reject(new Error(error));
        });
        child.send(job);
      });
    },
    stop() {
      child.disconnect();
    },
  };
}
