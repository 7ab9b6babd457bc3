import { toCostsPart } from './costs-part.ts';
import { toGatesPart } from './gates-part.ts';
import { Html, html } from './html.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { ReportPage } from './report-facts.ts';
import { toVariancePart } from './variance-part.ts';

/** How every report page begins, by which an older one is known. */
export const PAGE_BEGINS = '<!doctype html>\n<html lang="en" data-made-by="founder-hq report">';

/** Nothing is fetched, run, framed or sent from the page; its own style is all there is. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One file that needs no other: estimates, gates, costs and budgets, with the moment and the n of every figure. */
export function toReportPage(page: ReportPage): string {
  const { asOf, timeZone, costs } = page;
  const title = `Founder HQ, ${costs.month}`;
  const body = html`
<head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(PAGE_STYLE)}</style></head>
<body><header><h1>${title}</h1>
<p class="soft">As of ${asOf}; days and months are those of ${timeZone}. Amounts without a currency are ${costs.currency}.</p></header>
<main>
${toVariancePart(page)}${toGatesPart(page)}${toCostsPart(page)}</main></body></html>
`;
  return `${PAGE_BEGINS}${body.text}`;
}
