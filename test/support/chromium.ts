import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real browser without a window: CHROMIUM, or where distributions put it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? places.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error(`no Chromium: set CHROMIUM (looked at ${places.join(', ')})`);
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

export interface Watched {
  /** Complaints so far: of the console, uncaught errors, requests that left this machine. */
  problems(): string[];
}

/** Watches every page of a context. That a page itself was answered with 401 or 403 is no complaint, though Chromium says so. */
export function watch(context: BrowserContext): Watched {
  const refusedPages = new Set<string>();
  const noted: { readonly text: string; readonly url: string }[] = [];
  context.on('response', (response) => {
    if (response.request().isNavigationRequest() && [401, 403].includes(response.status())) {
      refusedPages.add(response.url());
    }
  });
  context.on('console', (message) => {
    const { url } = message.location();
    if (['error', 'warning'].includes(message.type())) noted.push({ text: message.text(), url });
  });
  context.on('weberror', (error) => noted.push({ text: `uncaught: ${error.error().message}`, url: '' }));
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost') noted.push({ text: 'foreign', url: request.url() });
  });
  const isRefusal = ({ text, url }: { text: string; url: string }) =>
    text.startsWith('Failed to load resource') && refusedPages.has(url);
  return { problems: () => noted.filter((note) => !isRefusal(note)).map(({ text, url }) => `${text} ${url}`) };
}
