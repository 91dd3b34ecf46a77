/** A path with parts that stand for something: `/maestrano/account/groups/:id`. Without a slash at its end. */
export interface Template {
  readonly parts: readonly string[];
}

const name = /^:([A-Za-z][\w-]*)$/;

export function templateOf(path: string): Template {
  return { parts: path.replace(/\/+$/, '').split('/').slice(1) };
}

/** What the parts stand for, decoded, by their names; undefined when the path is another one. A slash at its end does not matter. */
export function matchTemplate({ parts }: Template, path: string): Record<string, string> | undefined {
  const given = path.replace(/\/+$/, '').split('/').slice(1);
  if (given.length !== parts.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const variable = name.exec(part)?.[1];
    const text = decoded(given[index]!);
    if (text === undefined || text === '') return undefined;
    if (variable === undefined) {
      if (part !== text) return undefined;
    } else parameters.set(variable, text);
  }
  return Object.fromEntries(parameters);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a percent sign that begins nothing
  }
}
