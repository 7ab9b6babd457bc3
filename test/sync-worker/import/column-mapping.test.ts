import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainMappingRefusal, fieldsOf, mapColumns } from '#worker/import/column-mapping.ts';
import { HISTORY_FIELDS, type HistoryField } from '#worker/import/history-fields.ts';
import { TASK_FIELDS } from '#worker/import/task-file.ts';

const PLAIN = ['task_id', 'workflow', 'actual_hours'];

function indexes(header: readonly string[], chosen?: ReadonlyMap<HistoryField, string>) {
  const mapping = mapColumns(HISTORY_FIELDS, header, chosen);
  if (!mapping.ok) return explainMappingRefusal(mapping.refusal, { header, takesMap: true });
  return Object.fromEntries([...mapping.value.columns].map(([field, { index }]) => [field, index]));
}

describe('mapColumns', () => {
  it('finds every field by its own name, in any order and spelling', () => {
    const law = fc.property(
      fc.shuffledSubarray([...fieldsOf(HISTORY_FIELDS)], {
        minLength: fieldsOf(HISTORY_FIELDS).length,
      }),
      fc.func(fc.constantFrom<(text: string) => string>(upper, spaced, dashed)),
      (fields, spell) => {
        const header = fields.map((field) => spell(field)(field));
        expect(indexes(header)).toEqual(Object.fromEntries(fields.map((field, at) => [field, at])));
      },
    );
    fc.assert(law);
  });

  it('guesses other words in common use', () => {
    expect(indexes(['Key', 'Summary', 'Type', 'Assignee', 'Hours', 'Estimate'])).toEqual({
      task_id: 0,
      name: 1,
      workflow: 2,
      person: 3,
      actual_hours: 4,
      estimated_hours: 5,
    });
  });

  it('prefers a field’s own name over other words for it, and a chosen header over both', () => {
    const header = ['id', 'task_id', 'workflow', 'type', 'actual_hours'];
    expect(indexes(header)).toMatchObject({ task_id: 1, workflow: 2 });
    const chosen = new Map<HistoryField, string>([['workflow', 'TYPE']]);
    expect(indexes(header, chosen)).toMatchObject({ task_id: 1, workflow: 3 });
  });

  it.each([
    ['no hours', ['task_id', 'workflow'], /no column `actual_hours`.*--map actual_hours=/],
    ['a header twice', [...PLAIN, 'Actual Hours'], /2 columns for actual_hours.*rename or remove/],
    ['two guesses', ['id', 'key', 'workflow', 'hours'], /2 columns for task_id.*--map task_id=/],
  ])('refuses %s and says what to do', (_, header, words) => {
    expect(indexes(header)).toMatch(words);
  });

  it('names the file and its headers, and `--map` only where the command takes it', () => {
    const header = ['Ticket', ' Title', 'Key'];
    const explain = (given: readonly string[]) => {
      const mapping = mapColumns(TASK_FIELDS, given);
      if (mapping.ok) return 'taken';
      const of = { file: 'the task file', header: given, takesMap: false };
      return explainMappingRefusal(mapping.refusal, of);
    };
    expect(explain(['Title', ' Hours'])).toBe(
      'The task file has no column `task_id` for task_id, only `Title`, `Hours`; rename the one that holds it to `task_id`.',
    );
    expect(explain(header)).toBe(
      'The task file has 2 columns for task_id (`Ticket`, `Key`); rename the one that holds it to `task_id`.',
    );
  });

  it('refuses a chosen header the file does not have', () => {
    const chosen = new Map<HistoryField, string>([['person', 'Worker']]);
    expect(indexes(PLAIN, chosen)).toMatch(/no column `Worker` for person/);
  });

  it('names the columns it does not read, doubled ones among them', () => {
    const mapping = mapColumns(HISTORY_FIELDS, [...PLAIN, 'Labels', 'Labels']);
    expect(mapping).toMatchObject({ ok: true, value: { width: 5, unused: ['Labels', 'Labels'] } });
  });
});

const upper = (text: string) => text.toUpperCase();
const spaced = (text: string) => ` ${text.replaceAll('_', ' ')} `;
const dashed = (text: string) => text.replaceAll('_', '-');
