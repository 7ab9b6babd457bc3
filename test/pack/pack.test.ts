import { ConnectionRequirement, type ObjectSchemaProperty, type ParamDef } from '@codahq/packs-sdk';
import { describe, expect, it } from 'vitest';
import { pack } from '../../pack/pack.ts';
import { DANA, openPackBench } from './pack-bench.ts';

const PURE = [
  'VariancePercent',
  'VarianceOf',
  'Forecast',
  'SprintOf',
  'NextStates',
  'EarnedValue',
  'BudgetState',
  'VarianceChart',
  'BurnChart',
  'CostChart',
  'GateBadge',
];
const BUTTONS = [
  'StartRun',
  'PauseRun',
  'ResumeRun',
  'FinishRun',
  'LogHours',
  'CorrectRun',
  'RecordCost',
  'RecordGate',
  'WaiveGate',
];
const DAY_SECS = 86_400;

const tableFormulas = pack.syncTables.map(({ getter }) => getter);
const blocks = [...pack.formulas, ...tableFormulas];
const namesOf = (parameters: readonly ParamDef<never>[] | readonly { name: string }[]) =>
  parameters.map(({ name }) => name);

describe('the Pack', () => {
  it('offers these blocks under names that stay for ever', () => {
    expect(namesOf(pack.formulas)).toEqual([...PURE, ...BUTTONS]);
    expect(pack.syncTables.map(({ name, identityName }) => [name, identityName])).toEqual([
      ['Variance', 'VarianceGroup'],
      ['Runs', 'Run'],
      ['DocHealth', 'HealthFinding'],
    ]);
  });

  it('takes its parameters under names and in an order that stay for ever', () => {
    const signatures = blocks.map(({ name, parameters }) => [name, ...namesOf(parameters)]);
    expect(signatures).toEqual([
      ['VariancePercent', 'estimate', 'actual'],
      ['VarianceOf', 'estimates', 'actuals'],
      ['Forecast', 'estimate', 'pastEstimates', 'pastActuals'],
      ['SprintOf', 'day'],
      ['NextStates', 'entity', 'state'],
      ['EarnedValue', 'estimates', 'actuals', 'finished', 'due', 'day'],
      ['BudgetState', 'limit', 'spent', 'reserved', 'start', 'end', 'at'],
      [
        'VarianceChart',
        'names',
        'typicals',
        'totals',
        'lows',
        'highs',
        'counts',
        'states',
        'sinces',
      ],
      ['BurnChart', 'days', 'amounts', 'limit', 'start', 'end', 'unit'],
      ['CostChart', 'names', 'amounts', 'currency'],
      ['GateBadge', 'gate', 'status', 'note'],
      ['StartRun', 'doc', 'task', 'person', 'ledgerDoc'],
      ['PauseRun', 'doc', 'task', 'person', 'ledgerDoc'],
      ['ResumeRun', 'doc', 'task', 'person', 'ledgerDoc'],
      ['FinishRun', 'doc', 'task', 'person', 'note', 'ledgerDoc'],
      ['LogHours', 'doc', 'task', 'hours', 'day', 'note', 'person', 'entry', 'ledgerDoc'],
      [
        'CorrectRun',
        'doc',
        'run',
        'reason',
        'start',
        'end',
        'interruptionHours',
        'task',
        'ledgerDoc',
      ],
      [
        'RecordCost',
        'doc',
        'target',
        'amount',
        'currency',
        'category',
        'day',
        'note',
        'entry',
        'ledgerDoc',
      ],
      ['RecordGate', 'doc', 'run', 'gate', 'outcome', 'evidence', 'ledgerDoc'],
      ['WaiveGate', 'doc', 'run', 'gate', 'reason', 'expires', 'approver', 'ledgerDoc'],
      ['Variance', 'doc', 'by', 'ledgerDoc'],
      ['Runs', 'doc', 'days', 'ledgerDoc'],
      ['DocHealth', 'doc', 'ledgerDoc'],
    ]);
  });

  it('calls one domain and names its account by whoami', async () => {
    const bench = openPackBench();
    expect(pack.networkDomains).toEqual(['coda.io']);
    expect(await bench.connectionName()).toBe(DANA.name);
    expect(bench.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://coda.io/apis/v1/whoami',
    ]);
  });

  it('offers the docs of the account by name and passes on their ids', async () => {
    const bench = openPackBench({ name: 'Acme HQ' });
    expect(await bench.docOptions('acme')).toEqual([
      { display: 'Acme HQ', value: bench.doc.docId },
    ]);
    expect(await bench.docOptions('nothing like it')).toEqual([]);
  });

  it('needs no account for what is only arithmetic, and one for all else', () => {
    const free = pack.formulas.filter(
      ({ connectionRequirement }) => connectionRequirement === ConnectionRequirement.None,
    );
    expect(namesOf(free)).toEqual(PURE);
    const bound = [...pack.formulas, ...pack.syncTables.map(({ getter }) => getter)].filter(
      ({ connectionRequirement }) => connectionRequirement === ConnectionRequirement.Required,
    );
    expect(namesOf(bound)).toEqual([...BUTTONS, 'Variance', 'Runs', 'DocHealth']);
  });

  it('caches arithmetic for a day and nothing that reads or writes a doc', () => {
    const cached = pack.formulas.map(({ name, cacheTtlSecs }) => [name, cacheTtlSecs]);
    expect(cached).toEqual([
      ...PURE.map((name) => [name, DAY_SECS]),
      ...BUTTONS.map((name) => [name, 0]),
    ]);
    expect(namesOf(pack.formulas.filter(({ isAction }) => isAction === true))).toEqual(BUTTONS);
  });

  it('describes every block, parameter and property, within the platform’s room', () => {
    const properties = pack.syncTables.flatMap(({ schema }) =>
      Object.values<ObjectSchemaProperty & { description?: string }>(schema.properties),
    );
    const texts = [
      ...blocks.map(({ description }) => description),
      ...pack.syncTables.map(({ description }) => description),
      ...blocks.flatMap(({ parameters }) => parameters.map(({ description }) => description)),
      ...properties.map(({ description }) => description),
    ];
    const bad = texts.filter(
      (text) => text === undefined || text.length < 10 || text.length > 1_000,
    );
    expect(bad).toEqual([]);
  });

  it('suggests a value for every parameter that must be given', () => {
    const bare = blocks.flatMap(({ name, parameters }) =>
      parameters
        .filter(({ optional, suggestedValue }) => optional !== true && suggestedValue === undefined)
        .map((parameter) => `${name}.${parameter.name}`),
    );
    expect(bare).toEqual([]);
  });
});
