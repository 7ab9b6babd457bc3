/** The layers gate: who may import whom, and no file named after nothing. */
import * as z from 'zod/mini';
import { runStep } from './run-step.ts';

const FOLDERS = ['pack', 'shared', 'sync-worker'];
const VAGUE_NAME = /(^|\/)(utils?|helpers?|common|managers?|types)(\/|\.ts$)/;

const CruiseSchema = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

async function findComplaints(): Promise<readonly string[]> {
  const { output } = await runStep(['depcruise', '--output-type', 'json', ...FOLDERS]);
  if (!output.startsWith('{')) return [output];
  const { modules, summary } = CruiseSchema.parse(JSON.parse(output));
  const sources = modules.map(({ source }) => source).filter(isOurs);
  console.log(`${sources.length} of our files among ${summary.totalCruised} modules`);
  return [
    // A cruise that saw nothing would find nothing wrong.
    ...FOLDERS.filter((folder) => !sources.some((source) => isIn(folder, source))).map(
      (folder) => `${folder}: no module was seen`,
    ),
    ...sources.filter((source) => VAGUE_NAME.test(source)).map((source) => `vague-name: ${source}`),
    ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ];
}

const isIn = (folder: string, source: string): boolean => source.startsWith(`${folder}/`);
const isOurs = (source: string): boolean => FOLDERS.some((folder) => isIn(folder, source));

const complaints = await findComplaints();
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
