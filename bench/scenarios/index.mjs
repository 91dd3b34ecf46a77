import { list, mutation, nested, single } from './graphql.mjs';
import { soapList } from './soap-list.mjs';
import { soapRead } from './soap-read.mjs';
import { soapWrite } from './soap-write.mjs';
import { token } from './token.mjs';

/** Reads first: writes make tables grow. */
export const scenarios = [nested, list, single, soapRead, soapList, token, mutation, soapWrite];
