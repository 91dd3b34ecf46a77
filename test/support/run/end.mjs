/** After a run: drops its MySQL schemas and its folder. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { mysqlUrl } from '../../../scripts/mysql-probe.mjs';

export default async function end() {
  const folder = process.env.MERCATOR_TEST_RUN;
  delete process.env.MERCATOR_TEST_RUN;
  const names = [...(await readdir(join(folder, 'free'))), ...(await readdir(join(folder, 'lent')))];
  if (names.length > 0) {
    const connection = await mysql.createConnection({ uri: mysqlUrl });
    for (const name of names) await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
    await connection.end();
  }
  await rm(folder, { recursive: true, force: true });
}
