import { list, mutation, nested, single } from './graphql.mjs';
import { kakapoAssign, kakapoAssignForm } from './kakapo-assign.mjs';
import { prmRead } from './prm-read.mjs';
import { soapList } from './soap-list.mjs';
import { soapRead } from './soap-read.mjs';
import { soapWrite } from './soap-write.mjs';
import { token } from './token.mjs';
import { usagePage } from './usage-page.mjs';

/** Reads first: writes make tables grow. */
export const scenarios = [
  nested,
  list,
  single,
  usagePage,
  soapRead,
  prmRead,
  soapList,
  token,
  mutation,
  soapWrite,
  kakapoAssign,
  kakapoAssignForm,
];
