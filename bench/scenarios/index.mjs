import { list, mutation, nested, single } from './graphql.mjs';
import { prmRead } from './prm-read.mjs';
import { soapList } from './soap-list.mjs';
import { soapRead } from './soap-read.mjs';
import { soapWrite } from './soap-write.mjs';
import { token } from './token.mjs';

/** Reads first: writes make tables grow. */
export const scenarios = [nested, list, single, soapRead, prmRead, soapList, token, mutation, soapWrite];
