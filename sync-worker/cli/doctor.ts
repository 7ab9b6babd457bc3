import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { DomainError } from '#shared/kernel/index.ts';
import { type Examination, examine, type HealthFinding } from '#worker/doctor/index.ts';
import { countPendingSteps, type Store } from '#worker/store/index.ts';
import { anchorFileOf } from '#worker/verify/index.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  connect,
  LOCAL_DOC_STATE_FILE,
} from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { nextStepOf } from './explain-error.ts';
import { openIfKept } from './ledger-now.ts';
import { findDocId, ledgerFile, whereOf } from './open-store.ts';
import { createProgress } from './progress.ts';
import { STATE_FOLDER } from './state-folder.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface DoctorFlags extends ConnectionOptions, StoreOptions {
  readonly json?: true;
  readonly probe: boolean;
  readonly allowAllDocs?: true;
}

/** A doctor tells what is wrong now, and does not wait for it to get well. */
const TRIES = 1;

/** Adds `founder-hq doctor`: whether the whole set-up is sound, before anything rests on it. */
export function registerDoctor(program: Command): void {
  const doctor = program
    .command('doctor')
    .summary('whether doc, token, ledger and schedule are sound, and what to mend')
    .description(
      'Looks at the token, the way to the API, the doc’s tables, columns and rows, the ledger and its schedule, and the folder it is kept in. Names each cause in one line with its fix, the worst first. Changes nothing, but for one row that it writes into the Ledger table and takes out again.',
    )
    .option('--no-probe', 'do not try a row in the Ledger table')
    .option('--allow-all-docs', 'take a token that opens every doc of its account')
    .option('--json', 'print one JSON object');
  addConnectionOptions(doctor).addHelpText(
    'after',
    '\nExample:\n  npm run -s founder-hq -- doctor --doc https://coda.io/d/Founder-HQ_dAbCdEfGhIj',
  );
  addStoreOption(doctor).action(async (flags: DoctorFlags) => {
    process.exitCode = await run(flags);
  });
}

async function run(flags: DoctorFlags): Promise<ExitCode> {
  const docId = await findDocId(flags);
  const progress = createProgress();
  let connection: Connection | undefined;
  const found = await examine({
    docId,
    connect: async () => {
      connection = await connect(flags, { env: process.env, maxTries: TRIES });
      return connection;
    },
    openStore: () => openSound(docId, flags),
    folder: {
      folder: STATE_FOLDER,
      privateFiles: [ledgerFile(docId), anchorFileOf(STATE_FOLDER, docId), LOCAL_DOC_STATE_FILE],
    },
    isAllDocsAllowed: () => flags.allowAllDocs === true || connection?.isLocal === true,
    isProbed: flags.probe,
    nextStepOf,
    onCheck: (check) => progress.say(check),
  });
  progress.end();
  const text = flags.json === true ? JSON.stringify({ docId, ...found }) : describe(found);
  process.stdout.write(`${text}\n`);
  return found.findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.done;
}

/** The ledger, where there is one. Errors: those of the store; `STORE_OLDER` where opening it would change it. */
async function openSound(docId: string, flags: StoreOptions): Promise<Store | undefined> {
  const file = ledgerFile(docId);
  const isOnServer = whereOf(docId, flags) !== file;
  if (isOnServer) return openIfKept(docId, flags);
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  if (countPendingSteps(file) > 0) {
    throw new DomainError(
      'STORE_OLDER',
      `\`${file}\` was last written by an older Founder HQ; the next pass brings it up to date.`,
    );
  }
  return openIfKept(docId, flags);
}

function describe({ findings, checked, skipped }: Examination): string {
  const left = skipped.map(({ check, why }) => `${check} (${why})`).join(', ');
  return [
    ...findings.flatMap(({ severity, message, fix }) => [
      `${severity}: ${message}`,
      `next: ${fix}`,
    ]),
    `${findings.length === 0 ? 'All is well' : count(findings)}; ${checked.length} checks made${left === '' ? '' : `; not made: ${left}`}`,
  ].join('\n');
}

function count(findings: readonly HealthFinding[]): string {
  const words = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const some = findings.filter((one) => one.severity === severity).length;
    return some === 0 ? [] : [`${some} ${severity}${some > 1 && severity !== 'info' ? 's' : ''}`];
  });
  return words.join(', ');
}
