import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const probe = new URL('./probe.mjs', import.meta.url).href;
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts one measured process and waits until `path` answers 2xx.
 * `ask(question)` reaches the probe in it: cpu (microseconds so far), startProfile, stopProfile, startTrace, stopTrace.
 */
export async function startServer({ name, command, env, port, path, patience = 60_000 }) {
  const child = spawn(process.execPath, ['--import', probe, ...command], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-8_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const waiting = new Map();
  let next = 0;
  child.on('message', ({ id, answer, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new Error(`${name}: ${error}`));
  });
  let gone;
  child.on('exit', (code, signal) => {
    gone = new Error(`${name} ended (${signal ?? code}):\n${output}`);
    for (const { reject } of waiting.values()) reject(gone);
  });

  await answering(
    `http://127.0.0.1:${port}${path}`,
    patience,
    () => gone,
    () => output,
  );
  return {
    name,
    port,
    pid: child.pid,
    ask(question) {
      if (gone) return Promise.reject(gone);
      const id = next++;
      child.send({ id, ask: question });
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    async stop() {
      if (gone) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

async function answering(url, patience, gone, output) {
  for (const deadline = Date.now() + patience; ; ) {
    if (gone()) throw gone();
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status >= 200 && status < 300) return;
    if (Date.now() > deadline) throw new Error(`${url} does not answer:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A port nobody listens on now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
