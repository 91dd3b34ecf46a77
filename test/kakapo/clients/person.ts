import type { BrowserContext, Page } from 'playwright-core';
import { type ClientAnswer, type ClientCall, readText } from './run-client.js';

/** Chromium puts what it shows as a tree of XML beside it. */
const shownXml = `new XMLSerializer().serializeToString(
  document.querySelector('#webkit-xml-viewer-source-xml > *') ?? document.documentElement
)`;

/** Somebody at the page of an operation: types into its form, presses Invoke, reads what opens in the new tab and closes it. */
export async function pressInvoke(
  page: Page,
  url: string,
  { operation, parameters }: Pick<ClientCall, 'operation' | 'parameters'>,
): Promise<ClientAnswer> {
  const context: BrowserContext = page.context();
  await page.goto(url);
  await page.getByRole('link', { name: operation, exact: true }).click();
  for (const [name, value] of Object.entries(parameters)) {
    await page.getByLabel(name, { exact: true }).fill(String(value));
  }
  const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Invoke' }).click()]);
  await tab.waitForLoadState();
  const text = await tab.evaluate<string>(shownXml);
  await tab.close();
  return { outcome: readText(text), text };
}
