import { soapRead } from './soap-read.mjs';
import { token } from './token.mjs';

/** Reads first: writes make tables grow. */
export const scenarios = [soapRead, token];
