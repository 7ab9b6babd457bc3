import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { listClosed } from '#shared/contracts/fields/life.ts';
import {
  CONTRACT_LIVES,
  CONTRACT_NAMES,
  type ContractDocument,
  type ContractName,
  toJsonSchema,
} from '#shared/contracts/index.ts';
import { isFinal } from '#shared/kernel/index.ts';
import type * as lifecycle from '#shared/lifecycle/index.ts';
import { RECORD_TABLES } from '#worker/store/record-tables.ts';

/** The states by their contract, typed from the specification. */
const WRITTEN: Readonly<Record<string, string>> = {
  run_state: 'pending queued running paused validating succeeded failed quarantined canceled',
  task: 'pending queued blocked running validating completed failed retrying canceled',
  workstream_state: 'planned ready blocked executing validating completed failed canceled skipped',
  phase_state: 'pending active gated completed failed skipped',
  ws_step: 'pending running succeeded failed canceled',
  worker: 'starting idle busy paused draining lost stopped crashed',
  patch_ledger_entry:
    'created validated queued applied apply_failed verified committed rolled_back quarantined dropped',
  test_execution_record: 'pending blocked running passed failed error inconclusive skipped',
  breaker: 'closed open half_open',
  reservation: 'held settled released expired',
  dead_letter: 'open redriven dropped',
};

/** Closed states, typed from the specification; a document in one of them has its end. */
const CLOSED: Readonly<Record<string, string>> = {
  run_state: 'succeeded failed quarantined canceled',
  task: 'completed failed canceled',
  workstream_state: 'completed failed canceled skipped',
  phase_state: 'completed failed skipped',
  ws_step: 'succeeded failed canceled',
  patch_ledger_entry: 'committed rolled_back quarantined dropped',
  test_execution_record: 'passed failed error inconclusive skipped',
};

const NAMES = CONTRACT_NAMES.filter((name) => WRITTEN[name] !== undefined);
const words = (text: string | undefined) => (text ?? '').split(' ');
const writtenOf = (written: Readonly<Record<string, string>>, contract: string) =>
  written[contract]?.split(' ');
const sorted = (values: Iterable<string>) => [...values].sort();

describe.each(NAMES)('the states of %s', (name) => {
  const states = words(WRITTEN[name]);

  it('are those of the schema', () => {
    expect(toJsonSchema(name)).toMatchObject({ properties: { state: { enum: states } } });
  });

  it('are those of the machine and of its table', () => {
    const life = CONTRACT_LIVES[name]?.life;
    // Money set aside and undelivered events have states and no machine.
    expect(life?.states ?? states).toEqual(states);
    expect(life === undefined ? states : Object.keys(life.table)).toEqual(states);
  });

  it('are closed where the specification says so', () => {
    const life = CONTRACT_LIVES[name]?.life;
    if (CLOSED[name] === undefined || life === undefined) return;
    expect(sorted(listClosed(life))).toEqual(sorted(words(CLOSED[name])));
    const final = states.filter((state) => isFinal(life.table, state));
    expect(words(CLOSED[name])).toEqual(expect.arrayContaining(final));
  });
});

describe('a contract that bears a state', () => {
  it('bears that of its machine, also for the compiler', () => {
    expect(Object.keys(CONTRACT_LIVES)).toHaveLength(9);
    type StateOf<Name extends ContractName> =
      ContractDocument<Name> extends { state: infer State } ? State : never;
    expectTypeOf<StateOf<'run_state'>>().toEqualTypeOf<lifecycle.RunState>();
    expectTypeOf<StateOf<'task'>>().toEqualTypeOf<lifecycle.TaskState>();
    expectTypeOf<StateOf<'workstream_state'>>().toEqualTypeOf<lifecycle.WorkstreamState>();
    expectTypeOf<StateOf<'phase_state'>>().toEqualTypeOf<lifecycle.PhaseState>();
    expectTypeOf<StateOf<'ws_step'>>().toEqualTypeOf<lifecycle.StepState>();
    expectTypeOf<StateOf<'worker'>>().toEqualTypeOf<lifecycle.WorkerState>();
    expectTypeOf<StateOf<'patch_ledger_entry'>>().toEqualTypeOf<lifecycle.PatchState>();
    expectTypeOf<StateOf<'test_execution_record'>>().toEqualTypeOf<lifecycle.GateCheckState>();
    expectTypeOf<StateOf<'breaker'>>().toEqualTypeOf<lifecycle.BreakerState>();
  });

  it('is every contract with a field `state`', () => {
    const stated = CONTRACT_NAMES.filter((name) =>
      Object.hasOwn(Object(toJsonSchema(name)['properties']), 'state'),
    );
    expect(stated).toEqual(NAMES);
  });
});

describe.each(['sqlite', 'postgres'])('the tables of %s', (store) => {
  const folder = new URL(`../../../sync-worker/store/${store}/`, import.meta.url);
  const sql = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  const tables = new Map(
    [...sql.matchAll(/CREATE TABLE (\w+) \(([^;]*?)\n\)/g)].map(([, table = '', body = '']) => [
      table,
      body,
    ]),
  );

  it.each(Object.entries(RECORD_TABLES))('check the states of %s', (table, { contract }) => {
    const body = tables.get(table);
    expect(body).toBeDefined();
    const [, listed] = /CHECK \(state IN \(([^)]*)\)\)/.exec(body ?? '') ?? [];
    const states = listed?.split(',').map((state) => state.trim().replaceAll("'", ''));
    expect(states).toEqual(writtenOf(WRITTEN, contract));
  });

  it.each(Object.entries(RECORD_TABLES))('check the end of %s', (table, { contract }) => {
    const ended = /(?:ended|closed)At'\)? IS NOT NULL\) = \(state IN \(([^)]*)\)/;
    const [, listed] = ended.exec(tables.get(table) ?? '') ?? [];
    const states = listed?.split(',').map((state) => state.trim().replaceAll("'", ''));
    expect(sorted(states ?? [])).toEqual(sorted(writtenOf(CLOSED, contract) ?? []));
  });
});
