/** How a page looks: light or dark as the reader has it, as narrow as a phone, and on paper without colour behind it. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--bar:#0072b2;--rest:#e8edf1;--bad:#b34f00}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#f0f6fc;--soft:#b1bac4;--line:#3d444d;--bar:#56b4e9;--rest:#21262d;--bad:#e69f00}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.25rem 1rem 3rem;max-width:62rem;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:0}
h2{font-size:1.15rem;margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.5rem 0}
.soft,caption{color:var(--soft);font-size:.875rem}
.lead{font-size:1.125rem}
.bad{color:var(--bad);font-weight:600}
figure{margin:0}
.chart svg{display:block;width:100%;max-width:32rem;height:auto;margin:.75rem 0}
.wide{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;min-width:100%;font-size:.9rem}
caption{text-align:left;padding-bottom:.35rem}
caption span{display:inline-block;position:sticky;left:0;max-width:calc(100vw - 2rem)}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-top:1px solid var(--line);vertical-align:top}
.number,thead th{white-space:nowrap}
td:last-child:not(.number){min-width:14rem}
thead th{color:var(--soft);font-weight:400;border-top:0}
tbody th{font-weight:600;min-width:8rem}
.number{text-align:right;font-variant-numeric:tabular-nums}
.total>*{border-top:2px solid var(--soft)}
.bar{display:inline-block;width:6rem;height:.6rem;background:var(--rest);margin-right:.5rem;border-radius:2px;overflow:hidden}
.bar i{display:block;height:100%;background:var(--bar)}
.bar.over i{background:var(--bad)}
ul{margin:.25rem 0;padding-left:1.25rem}
:focus-visible{outline:2px solid var(--bar)}
@media print{:root{--ground:#fff;--text:#000;--soft:#444;--line:#bbb;--bar:#333;--rest:#ddd;--bad:#000}
body{max-width:none;padding:0;font-size:10pt}.wide{overflow:visible}table{font-size:8.5pt}th,td,td:last-child:not(.number),tbody th{padding-right:.4rem;min-width:0}thead th,thead .number{white-space:normal}tr,h2,h3,.chart{break-inside:avoid}h2,h3{break-after:avoid}}
`.trim();
