import { createCommand, type GateCommand, toCommandRow } from '#shared/ledger/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { createSyncScene } from '../sync/sync-scene.ts';

/** Who presses. */
export const DANA = 'dana@studio.example';

type Asked = GateCommand extends infer Command
  ? Command extends GateCommand
    ? Pick<Command, 'type' | 'data'>
    : never
  : never;

/** Dana has finished `Interview`, whose project asks for these gates. */
export async function createFinishedScene(requiredGates = 'client approval') {
  const scene = await createSyncScene();
  const { doc, rowOf, press, settle, clock } = scene;
  const acme = rowOf('projects', 'name', 'Acme').rowId;
  const require = (gates: string) =>
    doc.person.editCell('projects', acme, { required_gates: gates });
  require(requiredGates);
  press('StartRun');
  press('FinishRun');
  await settle();
  const ask = (asked: Asked, cells: Record<string, string> = {}) => {
    const command = createCommand({ ...asked, by: DANA, atMs: clock() }, sha256);
    doc.person.insertRow('Ledger', { ...toCommandRow(command, asked.type), ...cells });
    return command.key;
  };
  const waive = (
    data: { readonly expires?: string; readonly approver?: string },
    gate = 'client approval',
  ) => ask({ type: 'WaiveGate', data: { run: 'Interview', gate, reason: 'on holiday', ...data } });
  const record = (outcome: 'passed' | 'failed', more: { run?: string; gate?: string } = {}) =>
    ask({
      type: 'RecordGate',
      data: { run: 'Interview', gate: 'Client Approval', outcome, evidence: 'mail', ...more },
    });
  return { ...scene, require, ask, waive, record };
}
