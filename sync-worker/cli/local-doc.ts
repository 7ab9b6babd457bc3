import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createLocalDoc, type LocalDoc, type Profile } from '../local-doc/index.ts';
import { interruptSignal } from './interrupt.ts';
import { announceLocalDoc, withdrawLocalDoc } from './local-doc-state.ts';
import { portOption } from './port-option.ts';

interface LocalDocFlags {
  readonly port: number;
  readonly file: string;
  readonly profile: Profile;
  readonly json?: true;
}

/** Adds `founder-hq local-doc`: a Coda doc on this computer, served until Ctrl-C. */
export function registerLocalDoc(program: Command): void {
  program
    .command('local-doc')
    .summary('serve a Coda doc on this computer')
    .description(
      'Serves the Coda API of a doc that lives in one file on this computer, until Ctrl-C. A new file becomes an empty Founder HQ doc.',
    )
    .addOption(portOption())
    .option('--file <path>', 'where the doc is kept', '.founder-hq/local-doc.db')
    .addOption(
      new Option('--profile <name>', 'at once, or as slow, stale and limited as Coda at its worst')
        .choices(['instant', 'strict'])
        .default('instant'),
    )
    .option('--json', 'print one JSON object instead of lines')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s founder-hq -- local-doc --port 4321 --profile strict',
    )
    .action(serve);
}

async function serve(flags: LocalDocFlags): Promise<void> {
  if (flags.file !== ':memory:') mkdirSync(dirname(flags.file), { recursive: true });
  const { file, profile } = flags;
  const doc = createLocalDoc({ file, profile, tables: FOUNDER_HQ_TABLES });
  try {
    await serveDoc(doc, flags);
  } finally {
    doc.close();
  }
}

async function serveDoc(doc: LocalDoc, flags: LocalDocFlags): Promise<void> {
  const stopped = interruptSignal();
  const server = await doc.listen(flags.port);
  const { baseUrl } = server;
  const { docId, token } = doc;
  const { file, profile } = flags;
  const lines = [
    `base URL  ${baseUrl}`,
    `doc id    ${docId}`,
    `token     ${token}`,
    `file      ${file} (${profile})`,
    'Serving; Ctrl-C ends it.',
  ];
  const state = { baseUrl, docId, token, profile };
  await announceLocalDoc(state);
  const json = JSON.stringify({ baseUrl, docId, token, file, profile });
  process.stdout.write(`${flags.json === true ? json : lines.join('\n')}\n`);
  if (!stopped.aborted) {
    await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
  }
  withdrawLocalDoc(state);
  await server.close();
}
