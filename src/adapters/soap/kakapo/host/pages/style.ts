import { createHash } from 'node:crypto';

/** The style of the pages, in their head. Contrast is AA in both color schemes. */
export const style = `
:root { color-scheme: light dark;
  --ground: #f3f5f8; --card: #ffffff; --ink: #17212f; --soft: #55627a; --line: #d5dbe5; --field: #ffffff; --code: #f6f8fb;
  --accent: #1f5eaa; --accent-ink: #ffffff; --accent-down: #174a88; --ring: #7fb0ee; --value: #1f5eaa; --key: #8a3a12; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #10161f; --card: #1a2330; --ink: #e9eef6; --soft: #a9b6ca; --line: #354256; --field: #121a25; --code: #121a25;
  --accent: #78b0f5; --accent-ink: #0b1420; --accent-down: #9cc5f8; --ring: #4d86cf; --value: #8fc0ff; --key: #f0b48f; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
header h1, main { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header h1 { font-size: 1.35rem; line-height: 1.25; padding-top: 1.1rem; padding-bottom: 1.1rem; letter-spacing: -.01em; }
main { padding-top: 1.5rem; padding-bottom: 3rem; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 1.25rem 0 .4rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h3 { font-size: 1.1rem; margin: 2.25rem 0 .4rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
a { color: var(--accent); text-underline-offset: .18em; }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; border-radius: 3px; }
ul { list-style: none; margin: 1.25rem 0 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
li { padding: .8rem 1.1rem; border-top: 1px solid var(--line); } li:first-child { border-top: 0; }
li a { font-weight: 600; overflow-wrap: anywhere; } li p { margin: .15rem 0 0; color: var(--soft); font-size: .925rem; }
form { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.1rem 1.1rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-size: .875rem; font-weight: 600; color: var(--soft); padding: 0 .75rem .4rem 0; }
td { padding: .3rem .75rem .3rem 0; vertical-align: middle; } td:last-child, th:last-child { padding-right: 0; width: 65%; }
label { overflow-wrap: anywhere; } small { color: var(--soft); white-space: nowrap; }
input { width: 100%; min-width: 0; padding: .5rem .65rem; font: inherit; color: inherit; background: var(--field);
  border: 1px solid var(--soft); border-radius: 8px; }
button { margin-top: .9rem; padding: .6rem 1.4rem; font: inherit; font-weight: 620; cursor: pointer; border: 0; border-radius: 8px;
  background: var(--accent); color: var(--accent-ink); }
button:hover { background: var(--accent-down); }
pre { margin: 0 0 .8rem; padding: .9rem 1.1rem; background: var(--code); border: 1px solid var(--line); border-radius: 10px;
  font: .84rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.value { color: var(--value); font-style: italic; } .key { color: var(--key); }
@media (max-width: 36rem) {
  thead { display: none; } table, tbody, tr, td { display: block; width: auto; } td:last-child { width: auto; padding-bottom: .7rem; }
  td { padding: 0 0 .2rem; } button { width: 100%; } }
`.trim();

/** How a Content-Security-Policy names the style. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
