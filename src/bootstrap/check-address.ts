import { createServer } from 'node:net';

/** Throws what listening there would throw (EADDRINUSE, EACCES); afterwards the address is as free as before. */
export function checkAddress(at: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(at, () => server.close(() => resolve()));
  });
}
