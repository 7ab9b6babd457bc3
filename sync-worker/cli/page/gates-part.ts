import { describeCondition } from '#shared/lifecycle/index.ts';
import type { GateReport, RunGateReport } from '#worker/gates/index.ts';
import { describeResurfaced, describeSums, describeWaiver } from '../gates-text.ts';
import { type Html, html } from './html.ts';
import { toPageTable } from './page-table.ts';
import type { ReportPage } from './report-facts.ts';

const COLUMNS = [{ head: 'gate' }, { head: 'status' }, { head: 'why' }] as const;

/** Which runs may be called done, and what each still needs. */
export function toGatesPart({ gates: { runs, openRuns, resurfaced }, asOf }: ReportPage): Html {
  const sums =
    runs.length === 0
      ? `No open run needs a gate; ${openRuns.length} ${openRuns.length === 1 ? 'run is' : 'runs are'} open.`
      : `${describeSums(runs)}.`;
  const again = describeResurfaced(resurfaced).map((line) => html`<li>${line}</li>`);
  return html`<section><h2>May it be called done?</h2>
<p class="lead">${sums}</p>
${runs.map((run) => toRun(run, asOf))}${again.length === 0 ? html`` : html`<ul>${again}</ul>`}</section>
`;
}

function toRun(run: RunGateReport, asOf: string): Html {
  const { task, runId, state, dueDate, isOverdue, gates, faults } = run;
  const due = dueDate === undefined ? '' : `, due ${dueDate}`;
  const late = isOverdue ? html` <span class="bad">overdue</span>` : html``;
  const table = toPageTable({
    caption: `Gates of ${task}, as of ${asOf}; n is how many values a condition rests on`,
    columns: COLUMNS,
    rows: [
      ...gates.map((gate) => ({ cells: [gate.gate, toStatus(gate), toWhy(gate)] })),
      ...faults.map((fault) => ({ cells: ['required_gates', 'UNREADABLE', fault] })),
    ],
  });
  return html`<h3>${task}</h3>
<p class="soft">${state}, run ${runId}${due}${late}</p>
${table}`;
}

const toStatus = ({ status, isOpen }: GateReport): Html =>
  isOpen ? html`${status}` : html`<span class="bad">${status}</span>`;

function toWhy({ conditions, why, waiver, underlying }: GateReport): Html {
  const lines = [
    ...(waiver === undefined ? [] : [`${describeWaiver(waiver)}; without it ${underlying}`]),
    ...(conditions.length === 0 ? [why] : conditions.map(describeCondition)),
  ].filter((line) => line !== '');
  return html`${lines.map((line, place) => (place === 0 ? html`${line}` : html`<br>${line}`))}`;
}
