import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, toDurationText } from '#worker/local-doc/duration-text.ts';
import { createStudioDoc } from './studio-doc.ts';

/** Writes one value and reads it back in the three forms. */
async function formsOf(column: string, value: unknown, query?: Readonly<Record<string, string>>) {
  const { insert, list, doc } = createStudioDoc({ timezone: 'Europe/Berlin' });
  doc.person.insertRow('projects', { name: 'Acme' });
  doc.person.insertRow('projects', { name: 'Bolt' });
  const { status } = await insert(
    'tasks',
    [{ [column]: value }],
    query === undefined ? {} : { query },
  );
  expect(status).toBe(202);
  const forms: unknown[] = [];
  for (const valueFormat of ['simple', 'simpleWithArrays', 'rich']) {
    forms.push((await list('tasks', { valueFormat }))[0]?.values[column]);
  }
  return forms;
}

const same = (value: unknown) => [value, value, value];
const fenced = (text: string) => [text, text, `\`\`\`${text}\`\`\``];
const context = { '@context': 'http://schema.org/' };
const acme = expect.objectContaining({
  '@type': 'StructuredValue',
  additionalType: 'row',
  name: 'Acme',
});
const bolt = expect.objectContaining({ name: 'Bolt', tableId: expect.stringMatching(/^grid-/) });
const dana = { ...context, '@type': 'Person', name: 'Dana', email: 'dana@example.com' };
const page = { ...context, '@type': 'WebPage', url: 'https://example.com' };
const money = (amount: number) => ({
  ...context,
  '@type': 'MonetaryAmount',
  currency: 'USD',
  amount,
});

describe('a value is read back as', () => {
  it.each([
    ['name', '12.50', fenced('12.50')],
    ['name', '=1+1', fenced('=1+1')],
    ['name', 'a ``` b', same('a ``` b')],
    ['name', 7, same(7)],
    ['hours', '1,234.5', same(1234.5)],
    ['hours', '-.5', same(-0.5)],
    ['hours', '1e3', same(1000)],
    ['hours', 'about 2', fenced('about 2')],
    ['hours', ',', fenced(',')],
    ['share', '15%', same(0.15)],
    ['share', 0.15, same(0.15)],
    ['price', '$1,234.5', ['$1,234.50', '$1,234.50', money(1234.5)]],
    ['price', -3, ['-$3.00', '-$3.00', money(-3)]],
    ['done', 'true', same(true)],
    ['done', false, same(false)],
    ['done', 'maybe', fenced('maybe')],
    ['due', '2025-12-03', same('2025-12-03T00:00:00.000+01:00')],
    ['due', 'soon', fenced('soon')],
    ['started', '2025-07-03T09:30', same('2025-07-03T09:30:00.000+02:00')],
    ['started', '2025-07-03T09:30:00Z', same('2025-07-03T11:30:00.000+02:00')],
    ['effort', 0.5, same('12 hrs')],
    ['effort', '2 hrs 30 mins', same('2 hrs 30 mins')],
    ['effort', 'long', fenced('long')],
    ['status', 'Done', same('Done')],
    ['status', ['Open', 'Done'], ['Open,Done', ['Open', 'Done'], ['Open', 'Done']]],
    ['tags', 'a,b', ['a,b', ['a', 'b'], ['a', 'b']]],
    ['tags', 'a', ['a', ['a'], ['a']]],
    ['project', 'Acme', ['Acme', 'Acme', acme]],
    ['project', ['Acme', 'Bolt'], ['Acme,Bolt', ['Acme', 'Bolt'], [acme, bolt]]],
    ['projects', [['Acme'], 'Bolt'], ['Acme,Bolt', ['Acme', 'Bolt'], [acme, bolt]]],
    ['owner', 'dana@example.com', ['Dana', 'Dana', dana]],
    ['owner', 'nobody@example.com', fenced('nobody@example.com')],
    ['page', 'https://example.com', ['https://example.com', 'https://example.com', page]],
    ['name', ['a', 1], fenced('a,1')],
  ])('%s: %j', async (column, value, expected) => {
    expect(await formsOf(column, value)).toEqual(expected);
  });

  it.each([
    ['price', '$12.34', fenced('$12.34')],
    ['project', 'Acme', fenced('Acme')],
    ['due', '2025-12-03', fenced('2025-12-03')],
    ['hours', 2, same(2)],
  ])('%s: %j as it stands, where parsing is off', async (column, value, expected) => {
    expect(await formsOf(column, value, { disableParsing: 'true' })).toEqual(expected);
  });

  it('any number that was written to a number column as a number or as text', async () => {
    const law = fc.asyncProperty(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      async (number) => {
        const plain = Object.is(number, -0) ? 0 : number;
        expect(await formsOf('hours', plain)).toEqual(same(plain));
        expect(await formsOf('hours', String(plain))).toEqual(same(plain));
      },
    );
    await fc.assert(law, { numRuns: 40 });
  });

  it('any text that was written to a text column', async () => {
    const law = fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
      expect((await formsOf('name', text))[0]).toBe(text);
    });
    await fc.assert(law, { numRuns: 60 });
  });
});

it('a duration is read back as it is shown, to the second', () => {
  const law = fc.property(fc.nat(10_000_000), (seconds) => {
    const days = parseDuration(toDurationText(seconds / 86_400)) ?? Number.NaN;
    expect(Math.round(days * 86_400)).toBe(seconds);
  });
  fc.assert(law);
});
