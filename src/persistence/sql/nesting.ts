import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<{ open: boolean }>();

/**
 * Runs a transaction and refuses one inside it: on SQLite it would wait for itself for ever, on MySQL it would commit
 * apart from the outer one.
 */
export async function unnested<T>(work: () => Promise<T>): Promise<T> {
  if (current.getStore()?.open) throw new Error('a transaction was started inside another one');
  const mark = { open: true };
  try {
    return await current.run(mark, work);
  } finally {
    mark.open = false;
  }
}
