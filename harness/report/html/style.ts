/**
 * The style sheet of the page: light and dark by the reader's setting, paper, telephones. Text and its ground differ
 * by 4.5 to 1 at least, lines of charts by 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export const styleSheet = `
:root { color-scheme: light dark;
  --ground: #ffffff; --panel: #f4f6f8; --text: #1b222a; --soft: #4b5763; --line: #d5dbe1; --grid: #e3e7eb;
  --good: #17683a; --bad: #b3201a; --open: #865300; --band: #d9480f; --link: #0b57b0;
  --c0: #1560bd; --c1: #b3470b; --c2: #16783c; --c3: #7a35b5; --c4: #a8185c; --c5: #6b6000; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14181d; --panel: #1d232a; --text: #e6eaee; --soft: #aab4be; --line: #38424c; --grid: #2b333b;
  --good: #6fd08c; --bad: #ff8a80; --open: #f0b44c; --band: #ff922b; --link: #82b4ff;
  --c0: #7fb2ff; --c1: #ffa868; --c2: #6fd08c; --c3: #cba6ff; --c4: #ff8fc4; --c5: #d8d06a; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 3rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; margin: 0; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin: 0 0 .6rem; } h3 { font-size: 1rem; }
p { margin: .3rem 0 .6rem; } ul { margin: .3rem 0 .6rem; padding-left: 1.2rem; }
a { color: var(--link); }
code, pre { font: .875em/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
code { background: var(--panel); border-radius: 4px; padding: .1em .35em; }
pre { background: var(--panel); padding: .8rem; border-radius: 6px; margin: .4rem 0; white-space: pre-wrap; }
header.verdict { border-left: .5rem solid var(--tone); background: var(--panel); padding: 1rem 1.2rem; border-radius: 6px; }
header.verdict h1 .word { color: var(--tone); margin-right: .4em; }
header.verdict .answer { font-size: 1.15rem; margin: .5rem 0; }
header.verdict .meta { color: var(--soft); margin: 0; }
.tone-good { --tone: var(--good); } .tone-bad { --tone: var(--bad); } .tone-open { --tone: var(--open); }
nav { margin: .9rem 0 0; color: var(--soft); } nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: 0; padding: 0; }
section { margin-top: 2.2rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); } .soft { color: var(--soft); font-weight: 400; }
.good, .bad, .open { font-weight: 600; white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0 0; padding: 0; }
.tiles div { background: var(--panel); border-radius: 6px; padding: .6rem .8rem; }
.tiles dt { color: var(--soft); font-size: .85rem; } .tiles dd { margin: 0; font-size: 1.15rem; font-weight: 600; }
.tiles dd small { display: block; font-weight: 400; font-size: .8rem; color: var(--soft); }
.box { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: 0 0 .3rem; }
caption span { display: block; position: sticky; left: 0; max-width: min(100%, 100vw - 2rem); }
.box { margin: 0 0 1.2rem; } tbody th { min-width: 8.5rem; } tbody th:has(.soft) { min-width: 13rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; } tbody th { font-weight: 600; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; white-space: nowrap; }
.numbers td:last-child, .numbers th:last-child { padding-right: .1rem; }
td { white-space: nowrap; } td .wide { display: inline-block; min-width: 14rem; white-space: normal; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.8rem 2rem; }
figure { margin: 0; min-width: 0; } figcaption p { color: var(--soft); font-size: .88rem; margin: .1rem 0 .4rem; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; padding: 0; margin: 0; font-size: .85rem; }
.legend svg { width: 1.6em; height: .6em; margin-right: .35em; vertical-align: middle; }
.legend b { font-weight: 600; color: var(--soft); }
.plot { position: relative; height: 15rem; margin: 1.9rem 1.7rem 1.7rem 3.4rem; font-size: .75rem; line-height: 1; color: var(--soft); border: solid var(--soft); border-width: 0 0 1px 1px; }
.plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.plot span { position: absolute; white-space: nowrap; }
.plot .y { right: calc(100% + .4rem); transform: translateY(50%); } .plot .x { top: calc(100% + .45rem); transform: translateX(-50%); }
.plot .phase { bottom: calc(100% + .2rem); font-size: .7rem; }
.plot .number { top: .15rem; transform: translateX(-50%); background: var(--ground); color: var(--band); border: 1px solid var(--band); border-radius: 1em; min-width: 1.5em; text-align: center; padding: .15em .3em; font-weight: 700; z-index: 1; }
.plot path { fill: none; vector-effect: non-scaling-stroke; }
.grid { stroke: var(--grid); stroke-width: 1; } .mark { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.line, .dots { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round; } .dots { stroke-width: 5; }
.c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); } .c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); }
.line.second { stroke-dasharray: 6 4; } .line.faint { stroke-dasharray: 1 4; stroke-width: 1.6; }
.band { fill: var(--band); fill-opacity: .28; } .aftermath { fill: var(--band); fill-opacity: .12; }
.hover { fill: transparent; } .hover:hover { fill: var(--text); fill-opacity: .08; }
.empty { color: var(--soft); border: 1px dashed var(--line); border-radius: 6px; padding: 2rem; text-align: center; }
details { margin: .2rem 0; } summary { cursor: pointer; color: var(--soft); font-size: .88rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 40rem) { body { padding: .75rem .8rem 2rem; font-size: 15px; } h1 { font-size: 1.35rem; }
  .plot { height: 12rem; margin-left: 2.9rem; } .plot .odd { display: none; } header.verdict { padding: .8rem .9rem; } }
@media print { body { max-width: none; font-size: 11pt; } nav, summary { display: none; } section, figure, tr { break-inside: avoid; }
  section.long { break-inside: auto; } .charts { grid-template-columns: 1fr 1fr; } .box { overflow: visible; } }
`;
