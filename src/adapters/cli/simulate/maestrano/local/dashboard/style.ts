/** One style sheet for all pages: light and dark, from 320 pixels up. */
export const style = `
:root{color-scheme:light dark;--ground:#eef4f2;--card:#fff;--ink:#12302b;--soft:#4b6660;--line:#cfdfda;--accent:#0b6e5f;
--accent-ink:#fff;--warn:#9b2c1f;--warn-ground:#fbeae7;--good-ground:#dff3ec}
@media (prefers-color-scheme:dark){:root{--ground:#0d1a18;--card:#152623;--ink:#e4f1ee;--soft:#9db8b1;--line:#2b433e;
--accent:#5fd0b8;--accent-ink:#06231d;--warn:#ff9c8c;--warn-ground:#3a1d19;--good-ground:#173a32}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:var(--ground);color:var(--ink)}
header,main{max-width:62rem;margin:0 auto;padding:0 1rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;padding-top:1.1rem}
header a{font-weight:700;color:inherit;text-decoration:none}header .who{margin-left:auto;color:var(--soft)}
main{padding-bottom:3rem}
h1{font-size:1.6rem;line-height:1.2;margin:1.2rem 0 .3rem}h2{font-size:1.15rem;margin:0}h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.4rem 0}.soft{color:var(--soft)}.small{font-size:.875rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:1rem;margin-top:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem;min-width:0}
.wide{margin-top:1rem}
form{display:inline}form.stack{display:grid;gap:.6rem;max-width:28rem}
label{display:grid;gap:.15rem;font-size:.875rem;color:var(--soft)}
input{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--line);border-radius:8px;padding:.45rem .6rem;width:100%}
button,.button{font:inherit;font-weight:600;display:inline-block;min-height:2.5rem;padding:.4rem .9rem;border-radius:8px;cursor:pointer;
border:1px solid var(--accent);background:var(--accent);color:var(--accent-ink);text-decoration:none}
button.plain,.button.plain{background:none;color:var(--accent)}button.warn{background:none;border-color:var(--warn);color:var(--warn)}
a{color:var(--accent)}a:focus-visible,button:focus-visible,input:focus-visible,pre:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin-top:.7rem}
ul.people{list-style:none;margin:.4rem 0 0;padding:0}
ul.people li{display:flex;gap:.6rem;align-items:center;justify-content:space-between;
padding:.4rem 0;border-top:1px solid var(--line)}ul.people li>span{min-width:0;overflow-wrap:anywhere}
ul.people button{min-height:2rem;padding:.1rem .6rem;font-size:.875rem}.head{display:flex;gap:.6rem;align-items:start;justify-content:space-between}
.date{white-space:nowrap}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.45rem 1rem .45rem 0;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}th.number{text-align:right}
@media (max-width:44rem){table,tbody,tr,td{display:block}thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
tr{padding:.6rem 0;border-bottom:1px solid var(--line)}tr:last-child{border-bottom:0}
td,td.number{display:flex;gap:1rem;justify-content:space-between;padding:.15rem 0;border:0;text-align:right;white-space:normal}
td>span{min-width:0;overflow-wrap:anywhere}td::before{content:attr(data-title);color:var(--soft);font-size:.875rem}td[colspan]::before{content:none}}
code{font-size:.85em;overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem;margin:.3rem 0}
pre.file{white-space:pre;overflow:auto}
.tag{font-size:.8rem;font-weight:600;padding:.1rem .5rem;border-radius:99px;background:var(--good-ground);white-space:nowrap}
.tag.off{background:var(--warn-ground);color:var(--warn)}
.notice{padding:.7rem .9rem;border-radius:8px;background:var(--good-ground);margin-top:1rem}
.notice.bad{background:var(--warn-ground);color:var(--warn)}`;
