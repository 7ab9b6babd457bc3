import * as z from 'zod';
import { CONTRACT_SCHEMAS, type ContractName } from './contract-schemas.ts';
import type { Life } from './fields/life.ts';
import * as lives from './fields/lives.ts';
import { currentVersion } from './parse-contract.ts';

/** A machine by its name, as a contract refers to it. */
export interface NamedLife {
  readonly machine: string;
  readonly life: Life<string, string>;
}

/** The machine whose state a contract's documents bear, for those that bear one. */
export const CONTRACT_LIVES: { readonly [Name in ContractName]?: NamedLife } = {
  run_state: { machine: 'run', life: lives.RUN_LIFE },
  task: { machine: 'task', life: lives.TASK_LIFE },
  patch_ledger_entry: { machine: 'patch', life: lives.PATCH_LIFE },
  workstream_state: { machine: 'workstream', life: lives.WORKSTREAM_LIFE },
  phase_state: { machine: 'phase', life: lives.PHASE_LIFE },
  ws_step: { machine: 'step', life: lives.STEP_LIFE },
  test_execution_record: { machine: 'gate_check', life: lives.GATE_CHECK_LIFE },
  worker: { machine: 'worker', life: lives.WORKER_LIFE },
  breaker: { machine: 'breaker', life: lives.BREAKER_LIFE },
};

/**
 * A contract as JSON Schema, for other programs. It says the form of each field; what must hold between fields and what
 * a pattern cannot say, such as days that exist, only a reader here can judge.
 * Source: JSON Schema draft-07.
 */
export function toJsonSchema(name: ContractName): Readonly<Record<string, unknown>> {
  const { $schema, ...form } = z.toJSONSchema(CONTRACT_SCHEMAS[name], {
    target: 'draft-7',
    // The form before an instant gets its brand: the brand is nothing that JSON could say.
    io: 'input',
  });
  const lived = CONTRACT_LIVES[name];
  const machine =
    lived === undefined ? {} : { 'x-machine': lived.machine, 'x-transitions': lived.life.table };
  const title = `${name}.v${currentVersion(name)}`;
  return { $schema, $id: `${title}.json`, title, ...machine, ...form };
}
