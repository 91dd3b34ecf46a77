import { list, nested, single } from './graphql-read.mjs';
import { assignLicense, createUser } from './graphql-write.mjs';
import { checkBearer } from './token.mjs';
import { usagePage } from './usage-read.mjs';

const operations = {
  Nested: nested,
  List: list,
  Single: single,
  Create: createUser,
  Assign: assignLicense,
  Usage: usagePage,
};
const type = 'application/graphql-response+json; charset=utf-8';

/** Answers POST /graphql for the six documents of the scenarios, told apart by their names. */
export async function answerGraphql(sql, world, { headers }, body) {
  if (!checkBearer(world, headers.authorization)) return { status: 401, type, text: '{"errors":[]}' };
  const { query, variables } = JSON.parse(body);
  const [, name] = /^\w+ (\w+)/.exec(query);
  return { status: 200, type, text: await operations[name](sql, variables, world) };
}
