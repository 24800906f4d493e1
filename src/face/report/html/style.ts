/** Both themes hold a contrast of 4.5 to 1 for every text; what is red is also said in words. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --line: #d9dee5; --text: #1c2430; --soft: #55606e; --link: #0a58ca;
  --error: #b3261e; --error-soft: #fdecea; --warning: #7a4b00; --warning-soft: #fff3d6;
  --good: #17693a; --good-soft: #e5f5ea; --info: #3d5166; --info-soft: #e9eef4; --code: #f1f3f6;
  --h1: #fbd9d5; --h2: #f2a59c; --h3: #d9594c; --h4: #9c1c14;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --line: #323b48; --text: #e6eaf0; --soft: #a3aebb; --link: #7db4ff;
    --error: #ff9d94; --error-soft: #43201e; --warning: #f2c264; --warning-soft: #3b2f14;
    --good: #7fd6a0; --good-soft: #173523; --info: #b5c4d5; --info-soft: #26313e; --code: #10141a;
    --h1: #4a211e; --h2: #7c2f29; --h3: #bf4a40; --h4: #ff9d94;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
.wide { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
header.wide { padding-top: 28px; padding-bottom: 4px; }
h1 { font-size: 22px; margin: 0; line-height: 1.3; }
h2 { font-size: 17px; margin: 32px 0 10px; }
h3 { font-size: 14px; margin: 14px 0 4px; }
p { margin: 6px 0; }
a { color: var(--link); }
.soft, dt, caption { color: var(--soft); }
code, pre, .name { font: 13px/1.5 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; unicode-bidi: isolate; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 6px 10px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 10px; margin: 16px 0 12px; padding: 0; }
.tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tiles dt { font-size: 13px; }
.tiles dd { margin: 0; font-size: 22px; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); }
.is-error dd { color: var(--error); } .is-good dd { color: var(--good); } .is-warning dd { color: var(--warning); }
.note { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--info); border-radius: 6px; padding: 8px 12px; }
.note.alert { border-left-color: var(--warning); }
.filters { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin: 0 0 12px; }
.filters label { display: grid; font-size: 13px; color: var(--soft); }
input, select, button { font: inherit; height: 34px; font-size: 14px; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; max-width: 100%; }
button { cursor: pointer; }
.shown { padding: 6px 0; font-size: 13px; color: var(--soft); }
.cause { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 0 0 8px; content-visibility: auto; contain-intrinsic-size: auto 62px; scroll-margin-top: 12px; }
.cause:target { border-color: var(--link); }
.cause > summary { display: grid; grid-template-columns: 76px minmax(0, 1fr) auto; gap: 2px 12px; padding: 9px 14px; cursor: pointer; list-style: none; border-radius: 8px; }
.cause > summary::-webkit-details-marker { display: none; }
.cause > summary:hover { background: var(--info-soft); }
.cause[open] > summary { border-bottom: 1px solid var(--line); border-radius: 8px 8px 0 0; }
.what { font-weight: 600; overflow-wrap: anywhere; }
.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.about { grid-column: 2 / -1; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.chip { align-self: start; justify-self: start; font-size: 12px; line-height: 1.6; padding: 1px 8px; border-radius: 10px; font-weight: 600; white-space: nowrap; }
.chip.error { color: var(--error); background: var(--error-soft); } .chip.warning { color: var(--warning); background: var(--warning-soft); }
.chip.info { color: var(--info); background: var(--info-soft); } .chip.good { color: var(--good); background: var(--good-soft); }
.body { padding: 4px 14px 14px; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 0 16px; }
.sides > div { min-width: 0; }
pre { margin: 0; background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 8px 0; white-space: pre-wrap; }
pre.frame { white-space: pre; overflow-x: auto; }
pre span { display: block; padding: 0 10px; }
pre .want { background: var(--good-soft); color: var(--good); } pre .have { background: var(--error-soft); color: var(--error); }
pre i { display: inline-block; min-width: 2.4em; margin-right: 1em; text-align: right; font-style: normal; color: var(--soft); user-select: none; }
.command { display: flex; gap: 8px; align-items: start; margin-top: 6px; }
.command code { flex: 1; background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 6px 10px; }
ul.files { margin: 0; padding-left: 18px; }
.scroll { overflow-x: auto; margin-bottom: 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
caption { text-align: left; padding: 8px 12px; font-size: 13px; white-space: nowrap; }
th, td { text-align: left; padding: 6px 12px; border-top: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: 13px; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.heat { width: auto; border-collapse: separate; border-spacing: 1px; }
.heat th, .heat td { border: 0; padding: 1px; font-size: 12px; white-space: nowrap; }
.heat tbody th { font-weight: 400; padding: 0 10px 0 12px; position: sticky; left: 0; background: var(--card); max-width: 40vw; overflow: hidden; text-overflow: ellipsis; }
.heat thead th { font-weight: 400; color: var(--soft); padding: 0 1px 2px; text-align: center; min-width: 26px; } .heat thead th[rowspan] { text-align: left; padding-left: 12px; vertical-align: bottom; } .heat .group { text-align: left; padding-left: 4px; border-left: 1px solid var(--line); }
.heat td { min-width: 26px; height: 22px; text-align: center; border-radius: 3px; font-variant-numeric: tabular-nums; }
.heat .h1 { background: var(--h1); } .heat .h2 { background: var(--h2); color: #1c0705; } .heat .h3 { background: var(--h3); color: #fff; } .heat .h4 { background: var(--h4); color: #fff; }
.heat tr:last-child td, .heat tr:last-child th { padding-bottom: 8px; }
@media (prefers-color-scheme: light) { .heat .h3 { background: #c9453a; } }
@media (prefers-color-scheme: dark) { .heat .h2 { color: #fff; } .heat .h3 { background: #b3423a; } .heat .h4 { color: #2a0805; } }
footer.wide { padding-top: 36px; padding-bottom: 28px; font-size: 13px; color: var(--soft); }
@media (max-width: 560px) {
  .wide { padding: 0 12px; }
  .cause > summary { grid-template-columns: minmax(0, 1fr) auto; }
  .what { grid-column: 1 / -1; grid-row: 2; } .amount { grid-column: 2; grid-row: 1; } .about { grid-column: 1 / -1; }
  .filters label { flex: 1 1 45%; }
}
@media print {
  body { background: #fff; font-size: 12px; }
  .filters, .copy, .skip { display: none; }
  .cause { content-visibility: visible; break-inside: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
