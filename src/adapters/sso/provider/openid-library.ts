/**
 * oidc-provider, without its notice that Node 20 is not an LTS it names. 20.19 and later have everything it calls; the suite
 * runs on it. Every other warning passes.
 */
async function load(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes('Unsupported runtime')) warn(...args);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

export const { Provider, errors, interactionPolicy } = await load();
