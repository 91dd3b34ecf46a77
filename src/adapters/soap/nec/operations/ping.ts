import type { Operation } from '../context.js';
import type { PingInput } from '../messages.js';

/** No state, no inbox: the text comes back, with the version this connection speaks. */
export const ping: Operation = async (input: PingInput, call) => ({
  ...(input.text !== undefined && { text: input.text }),
  version: call.settings.mkpVersion,
});
