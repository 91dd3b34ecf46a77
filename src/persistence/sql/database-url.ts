export type DatabaseAddress =
  | { readonly dialect: 'sqlite'; readonly path: string; readonly temporary: boolean }
  | { readonly dialect: 'mysql'; readonly url: string };

/** Reads DATABASE_URL: `sqlite:./path`, `sqlite::memory:` or `mysql://user:pass@host:3306/db`. The error shows no password. */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  if (text === 'sqlite::memory:') return { dialect: 'sqlite', path: '', temporary: true };
  if (text.startsWith('sqlite:') && text.length > 'sqlite:'.length) {
    return { dialect: 'sqlite', path: text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, ''), temporary: false };
  }
  if (/^(mysql|mariadb):\/\//.test(text)) {
    const url = new URL(text.replace(/^mariadb:/, 'mysql:'));
    if (url.pathname.length < 2) throw new Error('DATABASE_URL must name a database: mysql://user:pass@host:3306/db');
    return { dialect: 'mysql', url: url.toString() };
  }
  throw new Error('DATABASE_URL must start with sqlite: or mysql://');
}
