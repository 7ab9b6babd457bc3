import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { type LedgerRow, verifyLedger } from '#worker/verify/index.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { type ForgedLedger, type Forgery, MISWRITINGS } from './ledger-attacks.ts';
import { createDie, OWN_DOC, writeLedgers } from './sample-ledgers.ts';

const newFile = useStoreFiles();
let scene: Omit<Forgery, 'roll'>;
beforeAll(async () => {
  const [own, other] = [
    await openSqliteStore({ file: newFile() }),
    await openSqliteStore({ file: newFile() }),
  ];
  scene = await writeLedgers(own, other);
  await own.close();
  await other.close();
});

const check = ({ rows, head, anchors }: ForgedLedger) =>
  verifyLedger({ rows, readHead: () => head, anchors, docId: OWN_DOC });
const checkOwn = (change: (own: ForgedLedger) => Partial<ForgedLedger>) =>
  check({ ...scene.own, ...change(scene.own) });
const fault = (code: string, position: number) =>
  expect.objectContaining({ ok: false, fault: expect.objectContaining({ code, position }) });

describe('verifyLedger', () => {
  it('answers how much it checked and where the ledger ends', async () => {
    const { head } = scene.own;
    expect(await check(scene.own)).toEqual({ ok: true, checked: 12, head });
    expect(await checkOwn(() => ({ anchors: [] }))).toEqual({ ok: true, checked: 12, head });
  });

  it('takes an empty ledger for whole, unless an anchor saw it full', async () => {
    const head = { position: 0, hash: '0'.repeat(64) };
    expect(await check({ rows: [], head, anchors: [] })).toEqual({ ok: true, checked: 0, head });
    expect(await check({ ...scene.own, rows: [], head })).toEqual(fault('ANCHOR_BEYOND', 12));
  });

  it('names the first fault, what should stand there and what does, and how much was sound', async () => {
    const [, second] = scene.own.rows;
    const rows = scene.own.rows.with(1, { ...rowOf(second), hash: 'f'.repeat(64) });
    expect(await checkOwn(() => ({ rows }))).toEqual({
      ok: false,
      checked: 1,
      fault: { code: 'HASH_WRONG', position: 2, expected: second?.hash, received: 'f'.repeat(64) },
    });
  });

  it.each([
    [
      'ANCHOR_FOREIGN',
      4,
      (own: ForgedLedger) => ({
        anchors: own.anchors.map((anchor) => ({ ...anchor, docId: 'd' })),
      }),
    ],
    [
      'ANCHOR_ORDER',
      4,
      ({ anchors }: ForgedLedger) => ({ anchors: [...anchors.slice(0, 1), ...anchors] }),
    ],
    [
      'ANCHOR_ORDER',
      0,
      ({ anchors }: ForgedLedger) => ({
        anchors: anchors.map((anchor) => ({ ...anchor, position: 0 })),
      }),
    ],
    [
      'ANCHOR_ORDER',
      1.5,
      ({ anchors }: ForgedLedger) => ({
        anchors: anchors.map((anchor) => ({ ...anchor, position: 1.5 })),
      }),
    ],
    [
      'ANCHOR_DIFFERS',
      8,
      ({ anchors }: ForgedLedger) => ({
        anchors: anchors.map((anchor, index) => (index === 1 ? { ...anchor, hash: '' } : anchor)),
      }),
    ],
    [
      'ANCHOR_BEYOND',
      13,
      ({ anchors, head }: ForgedLedger) => ({
        anchors: [...anchors, { docId: OWN_DOC, ...head, position: 13 }],
      }),
    ],
    ['POSITION_WRONG', 1, ({ rows }: ForgedLedger) => ({ rows: rows.slice(1) })],
    [
      'BODY_UNREADABLE',
      1,
      ({ rows }: ForgedLedger) => ({ rows: rows.map((row) => ({ ...row, body: '{' })) }),
    ],
    ['HEAD_WRONG', 11, ({ rows }: ForgedLedger) => ({ head: rowOf(rows[10]) })],
    ['HEAD_WRONG', 12, ({ head }: ForgedLedger) => ({ head: { ...head, hash: '' } })],
    ['HEAD_WRONG', 12, ({ rows }: ForgedLedger) => ({ rows: rows.slice(0, 11) })],
  ])('answers %s at %d', async (code, position, change) => {
    expect(await checkOwn(change)).toEqual(fault(code, position));
  });

  it.each([
    ['leaves a gap in a stream', 'VERSION_WRONG'],
    ['puts an event in another place', 'BODY_ELSEWHERE'],
    ['names a stream that is no text', 'BODY_UNREADABLE'],
    ['numbers its last row otherwise', 'POSITION_WRONG'],
    ['names a field twice', 'BODY_NOT_CANONICAL'],
    ['writes a text in another form', 'BODY_NOT_CANONICAL'],
    ['writes what is no event', 'BODY_UNREADABLE'],
    ['hangs an event on another', 'LINK_BROKEN'],
  ])('finds that a store %s, though every hash fits', async (name, code) => {
    const roll = createDie(7);
    const misdeed = MISWRITINGS[name];
    for (let tries = 0; tries < 50; tries += 1) {
      const forged = misdeed?.({ ...scene, roll }) ?? scene.own;
      expect(await check(forged)).toMatchObject({ ok: false, fault: { code } });
    }
  });

  it('reads numbers, names and halves of characters as the writer wrote them', async () => {
    const odd =
      '{"actor":"\\ud800","payload":{"10":1e+21,"9":0.1,"__proto__":[null,true,{}],"é":"\\u0000"}';
    const body = `${odd},"position":1,"previousHash":"${'0'.repeat(64)}","stream":"s","version":1}`;
    const hash = createHash('sha256').update(body).digest('hex');
    const row = { position: 1, body, hash };
    expect(await check({ rows: [row], head: row, anchors: [] })).toMatchObject({ ok: true });
  });

  it('finds a nesting too deep to be read', async () => {
    const row = { position: 1, body: '['.repeat(200_000), hash: '' };
    expect(await check({ rows: [row], head: row, anchors: [] })).toEqual(
      fault('BODY_UNREADABLE', 1),
    );
  });
});

function rowOf(row: LedgerRow | undefined): LedgerRow {
  if (row === undefined) throw new Error('the sample ledger is shorter than the test believes');
  return row;
}
