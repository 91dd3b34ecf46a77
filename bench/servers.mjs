import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { necPath, prmPath, tokenRequest, unityPath } from './scenarios/requests.mjs';
import { client } from './seed-file.mjs';
import { freePort, startServer } from './server-process.mjs';

const programs = { ceiling: 'bench/ceiling/server.mjs', 'soap package': 'bench/soap-package/server.mjs' };

/** The processes under test, each with its own port for the whole run. */
export function createServers({ folder, databaseUrl }) {
  const running = new Map();
  const ports = new Map();
  const worldFile = join(folder, 'world.json');
  let tracing = '1'; // until the restart

  async function start(kind) {
    const port = ports.get(kind) ?? (await freePort());
    ports.set(kind, port);
    running.set(kind, await (kind === 'hub' ? startHub(port) : startOther(kind, port)));
  }

  /** Roles: `web` alone. Relaying events and sealing the journal is the worker's, which a deployment runs apart. */
  function startHub(port) {
    const env = {
      NODE_ENV: 'production',
      BENCH_TRACE: tracing,
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(folder, 'data'),
      SEED_FILE: join(folder, 'seed.yaml'),
      ROLES: 'web',
      LOG_LEVEL: 'info',
    };
    return startServer({ name: 'hub', command: ['bench/hub.mjs'], env, port, path: '/health/ready' });
  }

  function startOther(kind, port) {
    const command = [programs[kind], String(port), worldFile, databaseUrl];
    return startServer({
      name: kind,
      command,
      env: { NODE_ENV: 'production', BENCH_TRACE: tracing },
      port,
      path: '/health/ready',
    });
  }

  async function stop() {
    await Promise.all([...running.values()].map((server) => server.stop()));
    running.clear();
  }

  return {
    worldFile,
    start,
    stop,
    get: (kind) => running.get(kind),
    /** Starts all of them again, now without listing statements. */
    async restart() {
      tracing = '';
      const kinds = [...running.keys()];
      await stop();
      for (const kind of kinds) await start(kind);
    },
    /** Lets the other processes know what there is to ask for. */
    async share(world) {
      const publicUrl = `http://localhost:${ports.get('hub')}`;
      const { keys } = await (await fetch(`${publicUrl.replace('localhost', '127.0.0.1')}/oidc/jwks`)).json();
      const clientSecretHash = createHash('sha256').update(client.secret).digest('base64url');
      await writeFile(
        worldFile,
        JSON.stringify({ ...world, publicUrl, keys, clientSecretHash, necPath, prmPath, unityPath }),
      );
    },
  };
}

/** A fresh access token: they live five minutes, a run lives longer. */
export async function tokenFrom(port) {
  const { path, headers, body } = tokenRequest();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`);
  return (await response.json()).access_token;
}
