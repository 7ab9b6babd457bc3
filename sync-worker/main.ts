/** The composition root of `founder-hq`: which commands there are, and how the process meets its terminal. */

import { writeSync } from 'node:fs';
import { registerBacktest } from './cli/backtest.ts';
import { registerBackup } from './cli/backup.ts';
import { registerDoctor } from './cli/doctor.ts';
import { EXIT } from './cli/exit-code.ts';
import { registerExplain } from './cli/explain.ts';
import { explainError } from './cli/explain-error.ts';
import { registerExport } from './cli/export.ts';
import { registerForecast } from './cli/forecast.ts';
import { registerGates } from './cli/gates.ts';
import { registerImport } from './cli/import.ts';
import { registerInit } from './cli/init.ts';
import { registerLocalDoc } from './cli/local-doc.ts';
import { registerMigrate } from './cli/migrate.ts';
import { registerObserve } from './cli/observe.ts';
import { registerPlan } from './cli/plan.ts';
import { type CommandGroup, runProgram } from './cli/program.ts';
import { registerReport } from './cli/report.ts';
import { registerRestore } from './cli/restore.ts';
import { registerStart } from './cli/start.ts';
import { registerStatus } from './cli/status.ts';
import { registerSync } from './cli/sync.ts';
import { registerVariance } from './cli/variance.ts';
import { registerVerify } from './cli/verify.ts';
import { guardStream, learnSecretsOf } from './secrets/index.ts';

const GROUPS: readonly CommandGroup[] = [
  {
    heading: 'Every day',
    commands: [
      registerStart,
      registerInit,
      registerDoctor,
      registerSync,
      registerStatus,
      registerObserve,
      registerReport,
      registerGates,
      registerPlan,
    ],
  },
  {
    heading: 'Your data',
    commands: [
      registerImport,
      registerMigrate,
      registerExport,
      registerVerify,
      registerBackup,
      registerRestore,
    ],
  },
  {
    heading: 'Numbers',
    commands: [registerVariance, registerExplain, registerForecast, registerBacktest],
  },
  { heading: 'Try it', commands: [registerLocalDoc] },
];

const isDebug = process.env['FOUNDER_HQ_DEBUG'] === '1';

// Whatever is printed, and by whom, holds no secret; nor does a report that Node writes of its own death.
learnSecretsOf(process.env);
process.report.excludeEnv = true;
process.on('uncaughtException', (error) => {
  writeSync(process.stderr.fd, `${explainError(error, isDebug)}\n`);
  process.exit(EXIT.failed);
});

for (const stream of [process.stdout, process.stderr]) {
  guardStream(stream);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read our output may have seen enough (`| head`); the work itself goes on.
    if (error.code !== 'EPIPE') throw error;
  });
}

const exitCode = await runProgram(process.argv.slice(2), GROUPS, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isDebug,
});
// A code that a command has set by itself stays.
if (exitCode !== undefined) process.exitCode = exitCode;
