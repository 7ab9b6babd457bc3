import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import type { LedgerCase, LedgerVerdict } from '#worker/verify/index.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { ATTACKS, type Forgery, MISWRITINGS } from './ledger-attacks.ts';
import { createDie, OWN_DOC, writeLedgers } from './sample-ledgers.ts';

/** What a verifier could leave out, as a change of its source. */
const BREAKS: readonly (readonly [what: string, from: string, to: string])[] = [
  ['the positions', "differ('POSITION_WRONG', position, row.position)", 'undefined'],
  ['the hashes', "differ('HASH_WRONG', hash, row.hash)", 'undefined'],
  ['the form of a text', "differ('BODY_NOT_CANONICAL', event.canonical, row.body)", 'undefined'],
  ['the place an event names', "differ('BODY_ELSEWHERE', position, event.position)", 'undefined'],
  ['the links', "differ('LINK_BROKEN', end.hash, event.previousHash)", 'undefined'],
  ['the versions', "differ('VERSION_WRONG', version, event.version)", 'undefined'],
  ['what the anchors saw', "differ('ANCHOR_DIFFERS', anchored ?? hash, hash)", 'undefined'],
  ['that an anchor lies beyond the end', 'last.position > position', 'false'],
  ['whose anchors they are', 'anchor.docId !== docId', 'false'],
  ['the order of the anchors', 'position > before;', 'true;'],
  ["the head's position", 'position !== end.position ||', ''],
  ["the head's hash", '|| hash !== end.hash', ''],
  ['texts that are no event', "typeof stream !== 'string'", 'false'],
  [
    'every row but the last',
    'for await (const row of ledger.rows) {',
    'for await (const row of ledger.rows) { if (row.position < ledger.rows.length) { end = row; continue; }',
  ],
  [
    'the last row',
    'for await (const row of ledger.rows) {',
    'for await (const row of ledger.rows) { if (row === ledger.rows.at(-1)) { end = row; continue; }',
  ],
  ['everything', 'if (fault !== undefined) return fail(fault);', ''],
];

const source = readFileSync(
  new URL('../../../sync-worker/verify/verify-ledger.ts', import.meta.url),
  'utf8',
);
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

type Verify = (ledger: LedgerCase) => Promise<LedgerVerdict>;

async function load(text: string): Promise<Verify> {
  const code = Buffer.from(stripTypeScriptTypes(text)).toString('base64');
  const { verifyLedger } = await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`);
  return verifyLedger;
}

/** Whether 100 tries of each attack hold one that the verifier takes for a sound ledger. */
async function isFooled(verify: Verify): Promise<boolean> {
  const roll = createDie(1);
  for (const attack of [...Object.values(ATTACKS), ...Object.values(MISWRITINGS)]) {
    for (let tries = 0; tries < 100; tries += 1) {
      const { rows, head, anchors } = attack({ ...scene, roll });
      const verdict = await verify({ rows, readHead: () => head, anchors, docId: OWN_DOC });
      if (verdict.ok) return true;
    }
  }
  return false;
}

describe('a verifier', () => {
  it('is fooled by none of the attacks as it is', async () => {
    expect(await isFooled(await load(source))).toBe(false);
  });

  it.each(BREAKS)('is fooled once it no longer looks at %s', async (_what, from, to) => {
    expect(source.split(from).length).toBe(2);
    expect(await isFooled(await load(source.replace(from, () => to)))).toBe(true);
  });

  it('knows nothing of the code that wrote the ledger', () => {
    expect(source.match(/^import .*$/gm)).toEqual(["import { createHash } from 'node:crypto';"]);
  });
});
