import {
  DOC_PARAMETER,
  EXAMPLE_DOC,
  GATE_PARAMETER,
  GATE_RUN_PARAMETER,
  LEDGER_DOC_PARAMETER,
} from '../parameters.ts';
import * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { malformed } from './press.ts';
import { recordAsk } from './record-ask.ts';

const OUTCOMES = ['passed', 'failed'] as const;

/** Adds `RecordGate`: the button that answers a gate. */
export function addRecordGate(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...BUTTON,
    name: 'RecordGate',
    description:
      'Answers a gate that a person has to answer, such as client approval, with what shows it. A run that waits for its last gate ends by it. Gates that are read from the doc (a deliverable, a checklist, a budget) answer themselves; to pass one all the same, use WaiveGate.',
    parameters: [
      DOC_PARAMETER,
      GATE_RUN_PARAMETER,
      GATE_PARAMETER,
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'outcome',
        description: 'passed or failed.',
        suggestedValue: 'passed',
        autocomplete: [...OUTCOMES],
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'evidence',
        description: 'What shows it: an address, a quotation.',
        suggestedValue: 'E-mail of 2 March: "approved".',
      }),
      LEDGER_DOC_PARAMETER,
    ],
    examples: [
      {
        params: [EXAMPLE_DOC, 'Audit Acme', 'client approval', 'passed', 'E-mail of 2 March.'],
        result:
          'Recorded: client approval passed · Audit Acme · Dana. It waits for a worker, and no sign of one is to be seen here.',
      },
      {
        params: [EXAMPLE_DOC, 'Report Beta', 'proofread', 'failed', 'Page 4 lacks its sources.'],
        result:
          'Recorded: proofread failed · Report Beta · Dana. It waits for a worker, and no sign of one is to be seen here.',
      },
    ],
    execute: ([doc, run, gate, outcome, evidence, ledgerDoc], context) => {
      const known = OUTCOMES.find((word) => word === outcome.trim().toLowerCase());
      if (known === undefined) throw malformed(`the outcome is "${outcome}", not passed or failed`);
      const data = {
        run: run.trim(),
        gate: gate.trim(),
        outcome: known,
        evidence: evidence.trim(),
      };
      const title = `${data.gate} ${known} · ${data.run}`;
      return recordAsk(context, { doc, ledgerDoc, title, asked: { type: 'RecordGate', data } });
    },
  });
}
