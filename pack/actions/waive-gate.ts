import { toLocalDay } from '../local-day.ts';
import {
  DOC_PARAMETER,
  EXAMPLE_DOC,
  GATE_PARAMETER,
  GATE_RUN_PARAMETER,
  LEDGER_DOC_PARAMETER,
} from '../parameters.ts';
import * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { recordAsk } from './record-ask.ts';

/** Adds `WaiveGate`: the button that lets a run pass without a gate, for a time and with a name on it. */
export function addWaiveGate(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...BUTTON,
    name: 'WaiveGate',
    description:
      'Waives a gate of a run until the end of a day, with a reason. Where the doc has two people, somebody else has to approve; in a doc of one person it is marked self-approved and lasts 14 days at most. Without a day it revokes the waiver that is in force.',
    parameters: [
      DOC_PARAMETER,
      GATE_RUN_PARAMETER,
      GATE_PARAMETER,
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'reason',
        description: 'Why it may pass, or why no longer.',
        suggestedValue: 'The client signs on Monday.',
      }),
      coda.makeParameter({
        type: coda.ParameterType.Date,
        name: 'expires',
        description: "The last day it holds, in the doc's time zone. Blank: revoke.",
        optional: true,
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'approver',
        description: 'Who approved it: name or e-mail. Blank: whoever presses.',
        optional: true,
      }),
      LEDGER_DOC_PARAMETER,
    ],
    examples: [
      {
        params: [
          EXAMPLE_DOC,
          'Audit Acme',
          'client approval',
          'The client signs on Monday.',
          '2026-03-09',
          'Lee',
        ],
        result:
          'Recorded: Waive client approval until 2026-03-09 · Audit Acme · Dana. It waits for a worker, and no sign of one is to be seen here.',
      },
      {
        params: [EXAMPLE_DOC, 'Audit Acme', 'client approval', 'They signed.'],
        result:
          'Recorded: Revoke the waiver of client approval · Audit Acme · Dana. It waits for a worker, and no sign of one is to be seen here.',
      },
    ],
    execute: ([doc, run, gate, reason, expires, approver, ledgerDoc], context) => {
      const day =
        expires && toLocalDay({ parameter: 'expires', moment: expires }, context.timezone);
      const approvedBy = approver?.trim() ?? '';
      const data = {
        run: run.trim(),
        gate: gate.trim(),
        reason: reason.trim(),
        ...(day === undefined ? {} : { expires: day }),
        ...(approvedBy === '' ? {} : { approver: approvedBy }),
      };
      const what = day === undefined ? 'Revoke the waiver of' : 'Waive';
      const until = day === undefined ? '' : ` until ${day}`;
      const title = `${what} ${data.gate}${until} · ${data.run}`;
      return recordAsk(context, { doc, ledgerDoc, title, asked: { type: 'WaiveGate', data } });
    },
  });
}
