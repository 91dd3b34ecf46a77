import { shortPicture, wholePicture } from './effects.js';
import { foreignClients, type Port } from './run-client.js';
import { siteOf } from './seed.js';
import { shortStory, wholeStory } from './story.js';

export type ClientName = keyof typeof foreignClients;

export const clientNames = Object.keys(foreignClients) as ClientName[];

/** Everything one client does: by each port at a provider of its own. */
export function tasksOf(name: ClientName) {
  const { whole, short } = foreignClients[name];
  const task = (port: Port) => ({ port, site: siteOf(`${name}-${port}`) });
  return [
    ...whole.map((port) => ({ ...task(port), story: wholeStory, picture: wholePicture })),
    ...short.map((port) => ({ ...task(port), story: shortStory, picture: shortPicture })),
  ];
}
