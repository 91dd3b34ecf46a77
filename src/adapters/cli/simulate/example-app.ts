import type { Output } from '../output.js';
import type { CliPorts, IsvApp } from '../ports.js';

export interface ExampleApp {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  readonly port: number;
}

/** The example application on the wanted port, on another one when that is taken, or why there is none. */
export async function startExampleApp(
  ports: CliPorts,
  output: Output,
  { issuer, clientId, secret, port }: ExampleApp,
): Promise<IsvApp | string> {
  const { startIsvApp } = ports;
  if (startIsvApp === undefined) return 'examples/isv-app is not installed here';
  const options = { issuer, clientId, clientSecret: secret };
  try {
    return await startIsvApp({ ...options, port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    output.note(`port ${port} is taken; the example application runs on another one (--app-port chooses)`);
    return startIsvApp({ ...options, port: 0 });
  }
}
