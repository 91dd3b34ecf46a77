/** Where the tests find MySQL, and whether it answers. */
import mysql from 'mysql2/promise';

export const mysqlUrl = process.env.MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';

/** Undefined when a statement can be run at MYSQL_URL, else the reason in words (never the password). */
export async function whyNoMysql(url = mysqlUrl) {
  let connection;
  try {
    connection = await mysql.createConnection({ uri: url, connectTimeout: 3_000 });
    await connection.query('SELECT 1');
    return undefined;
  } catch (error) {
    const where = safeAddress(url);
    return `${where} does not answer (${error.code ?? error.message}); set MYSQL_URL`;
  } finally {
    connection?.destroy();
  }
}

function safeAddress(url) {
  try {
    const { protocol, host, username } = new URL(url);
    return `${protocol}//${username ? `${username}@` : ''}${host}`;
  } catch {
    return 'MYSQL_URL is no URL and';
  }
}
