import type { MaestranoAnswer } from '../call.js';
import { page } from '../host/page.js';

/** For a browser that wants to begin at a marketplace that is not listed any more. */
export const suspendedPage = (requestId: string): MaestranoAnswer =>
  page({
    status: 403,
    title: 'Sign-in is stopped',
    text: [
      'Your marketplace no longer offers this service, so nobody can sign in from there at the moment. Your data is still here.',
      `If you think this is a mistake, tell your support this number: ${requestId}`,
    ],
  });

/** For a browser that wants to begin where no key of the marketplace is known: whatever it brought back would be refused. */
export const unreadyPage = (requestId: string): MaestranoAnswer =>
  page({
    status: 503,
    title: 'Sign-in is not ready yet',
    text: [
      'The connection to your marketplace is not complete. Try again in a minute.',
      `If it goes on, tell your support this number: ${requestId}`,
    ],
    headers: { 'retry-after': '60' },
  });
