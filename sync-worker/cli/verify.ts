import type { Command } from 'commander';
import { verifyStore } from '#worker/verify/index.ts';
import type { ConnectionOptions } from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { findDocId, openKeptStore, readWitness } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface VerifyFlags extends ConnectionOptions, StoreOptions {
  readonly json?: true;
}

/** Adds `founder-hq verify`: whether the ledger is what was written. */
export function registerVerify(program: Command): void {
  const verify = program
    .command('verify')
    .summary('whether the ledger is whole and unchanged')
    .description(
      'Checks every event, its hash and its place, and what the file of anchors beside the ledger saw of it. Ends with 0 where all is sound and with 1 at the first fault, which it names.',
    )
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  npm run -s founder-hq -- verify --json');
  addStoreOption(verify).action(async (flags: VerifyFlags) => {
    process.exitCode = await run(flags);
  });
}

async function run(flags: VerifyFlags): Promise<ExitCode> {
  const docId = await findDocId(flags);
  const store = await openKeptStore(docId, flags);
  try {
    const witness = await readWitness(docId);
    const anchors = witness.anchors.length;
    const verdict = await verifyStore(store, witness);
    const text = verdict.ok
      ? `${verdict.checked} events checked, ${anchors === 1 ? '1 anchor fits' : `${anchors} anchors fit`}: the ledger is whole`
      : describe(verdict);
    const json = JSON.stringify({ docId, anchors, ...verdict });
    process.stdout.write(`${flags.json === true ? json : text}\n`);
    return verdict.ok ? EXIT.done : EXIT.failed;
  } finally {
    await store.close();
  }
}

const describe = (verdict: Extract<Awaited<ReturnType<typeof verifyStore>>, { ok: false }>) => {
  const { code, position, expected, received } = verdict.fault;
  const [sound, next] =
    code === 'INDEX_WRONG'
      ? [
          `all ${verdict.checked} events are sound, but not what they are found by`,
          'take a backup, keep the ledger aside as evidence and restore the backup, which finds every event by its text again',
        ]
      : [
          `${verdict.checked} events before it are sound`,
          'keep a copy of the ledger as evidence, and restore the newest backup that still verifies',
        ];
  return [
    `BROKEN: ${code} at event ${position}; ${sound}`,
    `  expected: ${expected}`,
    `  received: ${received}`,
    `next: ${next}`,
  ].join('\n');
};
