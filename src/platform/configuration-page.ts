import { notesOf, type Settings, settings } from './settings.js';

/** docs/configuration.md, printed from the settings; a test compares. */
export function configurationPage(): string {
  const names = Object.keys(settings.shape) as (keyof Settings)[];
  const sections = [...new Set(names.map((name) => notesOf(name).section))];
  const lines = [
    '# Configuration',
    '',
    'Every setting is an environment variable, read once at start. An empty variable counts as absent. All problems are listed at once, with what to do. `mercator doctor` prints the settings in force, secrets as `***`.',
    '',
    'This page is printed by `npm run docs`; edit `src/platform/settings.ts`.',
  ];
  for (const section of sections) {
    lines.push('', `## ${section}`, '', '| variable | default | meaning |', '|---|---|---|');
    for (const name of names) {
      const { doc, default: fallback, secret, section: own } = notesOf(name);
      if (own === section)
        lines.push(`| \`${name}\` | ${fallback} | ${doc}${secret === undefined ? '' : ' Never printed.'} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
