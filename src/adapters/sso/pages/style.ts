import { createHash } from 'node:crypto';

/** The one stylesheet of the sign-in pages; made by hand, no framework. Contrast is AA in both color schemes. */
export const style = `
:root { color-scheme: light dark;
  --ground: #f3f5f8; --card: #ffffff; --ink: #17212f; --soft: #55627a; --line: #c9d1de; --field: #ffffff;
  --accent: #1f5eaa; --accent-ink: #ffffff; --accent-down: #174a88; --ring: #7fb0ee;
  --bad: #a32020; --bad-ground: #fdeeee; --good: #1c6b3c; --good-ground: #eaf6ee; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #10161f; --card: #1a2330; --ink: #e9eef6; --soft: #a9b6ca; --line: #3a475b; --field: #121a25;
  --accent: #78b0f5; --accent-ink: #0b1420; --accent-down: #9cc5f8; --ring: #4d86cf;
  --bad: #ffb3b0; --bad-ground: #3b1d20; --good: #9fdcb5; --good-ground: #17301f; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center;
  gap: 1.25rem; padding: 1.5rem 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans JP", sans-serif; }
main { width: 100%; max-width: 25rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 2rem 1.75rem; box-shadow: 0 1px 2px rgb(16 30 54 / .06), 0 12px 32px rgb(16 30 54 / .08); }
.brand { display: flex; align-items: center; gap: .6rem; font-weight: 650; letter-spacing: .01em; color: var(--ink); text-decoration: none; }
.brand svg { width: 1.75rem; height: 1.75rem; flex: none; }
.brand .disc { fill: var(--accent); } .brand .wing { fill: none; stroke: var(--accent-ink); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .4rem; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; } .soft { color: var(--soft); }
.stack { display: grid; gap: 1.1rem; margin-top: 1.25rem; }
label { display: block; font-weight: 560; margin-bottom: .35rem; }
.hint { color: var(--soft); font-size: .875rem; margin: .35rem 0 0; } form + .hint { margin: 1.1rem 0 0; text-align: center; font-size: .925rem; }
input[type=text], input[type=email], input[type=password] { width: 100%; padding: .65rem .75rem; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--soft); border-radius: 8px; }
input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
button, .button { display: block; width: 100%; padding: .7rem 1rem; font: inherit; font-weight: 620; text-align: center; cursor: pointer;
  border: 1px solid transparent; border-radius: 8px; background: var(--accent); color: var(--accent-ink); text-decoration: none; }
button:hover, .button:hover { background: var(--accent-down); }
.quiet, .quiet:hover { background: transparent; color: var(--accent); border-color: var(--line); }
.quiet:hover { border-color: var(--accent); }
a { color: var(--accent); text-underline-offset: .18em; }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
.note { border-radius: 8px; padding: .75rem .9rem; margin: 1rem 0 0; overflow-wrap: anywhere; }
.note.bad { background: var(--bad-ground); color: var(--bad); } .note.good { background: var(--good-ground); color: var(--good); }
.who { font-weight: 620; overflow-wrap: anywhere; }
.row { display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; font-size: .925rem; }
footer { font-size: .875rem; color: var(--soft); } footer nav { display: flex; gap: 1.1rem; }
footer [aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
code { font: .9em ui-monospace, "SF Mono", Menlo, monospace; overflow-wrap: anywhere; }
main.wide { max-width: 44rem; } ul.plain { list-style: none; padding: 0; margin: 1rem 0 0; display: grid; gap: .6rem; }
@media (max-width: 26rem) { body { justify-content: flex-start; padding-top: 2rem; } main { padding: 1.5rem 1.15rem; } }
@media (prefers-reduced-motion: no-preference) { button, .button, input { transition: background-color .12s, border-color .12s; } }
`.trim();

/** Its address names its content, so it may be kept for ever. */
export const stylePath = `/signin/assets/style-${createHash('sha256').update(style).digest('base64url').slice(0, 12)}.css`;
