import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCalendar } from '#worker/time/index.ts';
import { createTimeScene } from '../time-scene.ts';

/** As calendars write it: folded at 75 octets, CRLF, with the zone's rules before the events. */
const wrap = (...events: readonly string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Example//Calendar 1.0//EN',
    'BEGIN:VTIMEZONE',
    'TZID:Europe/Berlin',
    'BEGIN:DAYLIGHT',
    'DTSTART:19700329T020000',
    'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
    ...events.flatMap((event) => ['BEGIN:VEVENT', ...event.trim().split('\n'), 'END:VEVENT']),
    'END:VCALENDAR',
    '',
  ].join('\r\n');

const NOW = Date.parse('2026-04-01T12:00:00Z');
const read = (text: string, more: Partial<Parameters<typeof readCalendar>[0]> = {}) =>
  readCalendar({
    source: (async function* () {
      // One byte at a time, so that every fold and every letter is torn once.
      for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
    })(),
    timeZone: 'Europe/Berlin',
    nowMs: NOW,
    ...more,
  });
const spans = async (...events: readonly string[]) =>
  (await read(wrap(...events))).entries.map(
    ({ startedAt, netMs }) => `${startedAt} ${netMs / 60_000}`,
  );
const refusals = async (...events: readonly string[]) =>
  (await read(wrap(...events))).refused.map(({ reason }) => reason);

const SINGLE = `UID:one@example
DTSTART;TZID=Europe/Berlin:20260302T090000
DTEND;TZID=Europe/Berlin:20260302T103000
SUMMARY:Inter
 views
ATTENDEE;CN="Reed, Dana";PARTSTAT=DECLINED:mailto:Sam@acme.example`;
const WEEKLY = `UID:two@example
DTSTART;TZID=Europe/Berlin:20260317T223000
DURATION:PT2H15M
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Berlin:20260324T223000
SUMMARY:Report\\, second\\nround \\; ü`;
const MOVED = `UID:two@example
RECURRENCE-ID;TZID=Europe/Berlin:20260331T223000
DTSTART:20260331T060000Z
DTEND:20260331T070000Z
SUMMARY:Report`;

describe('readCalendar', () => {
  it('reads folded lines, zones, lengths, exceptions and a time that was moved', async () => {
    const { entries, title } = await read(wrap(SINGLE, WEEKLY, MOVED));
    expect(title).toBe('iCalendar');
    expect(
      entries.map(({ sourceId, startedAt, endedAt, note }) => [sourceId, startedAt, endedAt, note]),
    ).toEqual([
      ['one@example', '2026-03-02T08:00:00.000Z', '2026-03-02T09:30:00.000Z', 'Interviews'],
      [
        'two@example/2026-03-17T21:30:00.000Z',
        '2026-03-17T21:30:00.000Z',
        '2026-03-17T23:45:00.000Z',
        'Report, second\nround ; ü',
      ],
      [
        'two@example/2026-03-31T20:30:00.000Z',
        '2026-03-31T06:00:00.000Z',
        '2026-03-31T07:00:00.000Z',
        'Report',
      ],
    ]);
  });

  it('counts what it passes over: whole days, cancelled, declined, other days, and what is to come', async () => {
    const events = [
      'UID:a\nDTSTART;VALUE=DATE:20260302\nSUMMARY:Holiday',
      'UID:b\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z\nSTATUS:CANCELLED',
      SINGLE,
      'UID:c\nDTSTART:20260401T113000Z\nDTEND:20260401T123000Z',
      'UID:d\nDTSTART:20260201T113000Z\nDTEND:20260201T123000Z',
    ];
    const { entries, skipped } = await read(wrap(...events), {
      person: 'sam@acme.example',
      from: '2026-03-01',
    });
    expect(entries).toEqual([]);
    expect([...skipped.keys()]).toEqual([
      'all day long',
      'cancelled',
      'declined',
      'still to come',
      'on other days than asked for',
    ]);
  });

  it('lets a series keep its time of day when clocks change, and end where its rule says', async () => {
    const series = (rule: string) =>
      `UID:x\nDTSTART;TZID=Europe/Berlin:20260327T090000\nDTEND;TZID=Europe/Berlin:20260327T100000\nRRULE:${rule}`;
    expect(await spans(series('FREQ=DAILY;INTERVAL=3;UNTIL=20260330'))).toEqual([
      '2026-03-27T08:00:00.000Z 60',
      '2026-03-30T07:00:00.000Z 60',
    ]);
    expect(await spans(series('FREQ=DAILY;UNTIL=20260328T080000Z'))).toHaveLength(2);
    expect(await spans(series('FREQ=DAILY;UNTIL=20260328T075959Z'))).toHaveLength(1);
    expect(await spans(series('FREQ=DAILY'))).toHaveLength(6);
    const night =
      'UID:n\nDTSTART;TZID=Europe/Berlin:20260329T013000\nDTEND;TZID=Europe/Berlin:20260329T033000';
    expect(await spans(night)).toEqual(['2026-03-29T00:30:00.000Z 60']);
    const across =
      'UID:f\nDTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=America/New_York:20260302T060000';
    expect(await spans(across)).toEqual(['2026-03-02T08:00:00.000Z 180']);
  });

  it('takes times that are added, also whole days, and leaves out days that are excepted', async () => {
    const event = `UID:x
DTSTART:20260302T090000Z
DURATION:PT1H
RDATE:20260303T120000Z
RDATE;VALUE=DATE:20260304
EXDATE;VALUE=DATE:20260302`;
    expect(await spans(event)).toEqual([
      '2026-03-03T12:00:00.000Z 60',
      '2026-03-04T09:00:00.000Z 60',
    ]);
  });

  it('knows zones by the names of Windows, at the end of paths, by hand, and of the file', async () => {
    const at = (zone: string) => `UID:x\nDTSTART;TZID=${zone}:20260302T090000\nDURATION:PT1H`;
    expect(await spans(at('Pacific Standard Time'))).toEqual(['2026-03-02T17:00:00.000Z 60']);
    expect(await spans(at('/example.org/20070129/Asia/Tokyo'))).toEqual([
      '2026-03-02T00:00:00.000Z 60',
    ]);
    expect(await refusals(at('"My: Zone"'))).toEqual([
      'its zone `My: Zone` is not known; say it with --tzid "My: Zone=Europe/Berlin"',
    ]);
    const zonesByHand = new Map([['Mine', 'Asia/Tokyo']]);
    const { entries } = await read(wrap(at('Mine')), { zonesByHand });
    expect(entries[0]?.startedAt).toBe('2026-03-02T00:00:00.000Z');
    const own = wrap('UID:x\nDTSTART:20260302T090000\nDURATION:PT1H').replace(
      'VERSION:2.0',
      'VERSION:2.0\r\nX-WR-TIMEZONE:Asia/Tokyo',
    );
    expect((await read(own)).entries[0]?.startedAt).toBe('2026-03-02T00:00:00.000Z');
  });

  it('tells of a start that clocks show twice', async () => {
    const { chosenTimes } = await read(
      wrap('UID:x\nDTSTART;TZID=Europe/Berlin:20251026T023000\nDURATION:PT1H'),
    );
    expect(chosenTimes).toMatchObject([{ text: '2025-10-26T02:30:00', shown: 'twice' }]);
  });

  it('refuses by name what it does not understand, and reads the rest', async () => {
    const start = 'DTSTART:20260302T090000Z\nDURATION:PT1H';
    expect(
      await refusals(
        'UID:1\nSUMMARY:x',
        'UID:2\nDTSTART:20260302T090000Z',
        'UID:3\nDTSTART:20260302T090000Z\nDTEND:20260302T090000Z',
        'UID:4\nDTSTART:20260230T090000Z\nDURATION:PT1H',
        `UID:5\n${start}\nRRULE:FREQ=HOURLY`,
        `UID:6\n${start}\nRRULE:FREQ=DAILY\nRRULE:FREQ=DAILY`,
        `UID:7\n${start}\nEXRULE:FREQ=DAILY`,
        `UID:8\n${start}\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260302T090000Z`,
        `UID:9\n${start}\nRDATE;VALUE=PERIOD:20260302T090000Z/PT1H`,
        `UID:10\n${start}\nRRULE:FREQ=DAILY;UNTIL=soon`,
        'UID:11\nDTSTART:20260302T090000Z\nDURATION:-PT1H',
        `UID:12\n${start}`,
      ),
    ).toEqual([
      'it has no start',
      'its `DTSTART` is no time: `20260230T090000Z`',
      'it comes again `HOURLY`, which is not understood',
      'it has several rules, which are not understood',
      'it has an `EXRULE`, which is not understood',
      'it changes a series from there on (`RANGE`), which is not understood',
      'its `RDATE` has periods, which are not understood',
      'its rule ends at what is no time',
      'it has neither an end nor a duration',
      'it ends when it starts, or before',
      'it ends when it starts, or before',
    ]);
  });

  it('refuses a calendar that breaks off, and a file that is none', async () => {
    await expect(read(wrap(SINGLE).slice(0, -20))).rejects.toMatchObject({
      code: 'CALENDAR_UNREADABLE',
      message: expect.stringContaining('breaks off'),
    });
    await expect(read('hello: world\nBEGIN')).rejects.toMatchObject({
      message: expect.stringContaining('no calendar'),
    });
  });
});

describe('a calendar as runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-calendar-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('changes nothing the second time, follows an event that was moved, and keeps people apart', async () => {
    const scene = await createTimeScene(join(folder, 'ledger.db'));
    const report = SINGLE.replace('one@', 'three@').replace('Inter\n views', 'T-2 draft');
    const first = await scene.bring(await read(wrap(SINGLE, report)), { person: 'Dana Reed' });
    expect(first).toMatchObject({ sent: 2, unmatched: [] });
    const again = await scene.bring(await read(wrap(SINGLE, report)), { person: 'Dana Reed' });
    expect(again).toMatchObject({ sent: 0, gone: [] });
    const moved = await read(wrap(SINGLE.replace('T090000', 'T080000'), report));
    expect(await scene.bring(moved, { person: 'Dana Reed' })).toMatchObject({ sent: 1 });
    expect(scene.runs().map(({ cells }) => cells['actual_hours'])).toEqual(['2.5', '1.5']);
    const other = await scene.bring(await read(wrap(SINGLE)), { person: 'Sam Ode' });
    expect([other.sent, other.gone, scene.runs().length]).toEqual([1, [], 3]);
    await scene.close();
  });
});
