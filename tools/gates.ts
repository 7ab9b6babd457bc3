/** `npm run gates [-- name …]`: runs the gates, two at a time, prints one line each and all failures at the end. */
import { GATES, type Gate } from './gate-list.ts';
import { runStep } from './run-step.ts';

const AT_ONCE = 2;

interface Verdict {
  readonly gate: Gate;
  readonly complaints: readonly string[];
}

async function judge(gate: Gate): Promise<Verdict> {
  const began = performance.now();
  const complaints: string[] = [];
  for (const step of gate.steps) {
    const { exitCode, output } = await runStep(step);
    const isLoud = gate.isSilent === true && output !== '';
    if (exitCode !== 0 || isLoud) complaints.push(`$ ${step.join(' ')}\n${output}`);
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  const word = complaints.length === 0 ? 'ok    ' : 'FAILED';
  console.log(`${word} ${gate.name.padEnd(10)}${seconds} s  ${gate.keeps}`);
  return { gate, complaints };
}

/** The verdicts in the order of the gates, each lane taking the next gate as soon as it is free. */
async function judgeAll(gates: readonly Gate[]): Promise<readonly Verdict[]> {
  const waiting = gates.entries();
  const verdicts: Verdict[] = [];
  const lane = async (): Promise<void> => {
    for (const [place, gate] of waiting) verdicts[place] = await judge(gate);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return verdicts;
}

async function main(names: readonly string[]): Promise<number> {
  const known = GATES.map((gate) => gate.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(
      `error: no gate \`${unknown.join('`, `')}\`\nnext: choose from ${known.join(', ')}`,
    );
    return 2;
  }
  const chosen = GATES.filter(({ name }) => names.length === 0 || names.includes(name));
  const failed = (await judgeAll(chosen)).filter(({ complaints }) => complaints.length > 0);
  for (const { gate, complaints } of failed) {
    console.log(`\n── ${gate.name} ──\n${complaints.join('\n\n')}`);
  }
  console.log(`\n${chosen.length - failed.length} of ${chosen.length} gates are green.`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
