import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edit, Variant } from './planted-bugs.ts';
import { playRange, ROOT } from './play-seeds.ts';
import type { SeedRange } from './seed-worker.ts';
import type { Tally } from './tally.ts';

/** Plays seeds of the command protocol against a copy in which a variant's words replace ours. */
export const playVariant = (variant: Variant, range: SeedRange): Promise<Tally> =>
  inPlantedCopy(variant, (copy) => playRange(copy, range));

/** Does something in a copy of core, worker and simulations in which a variant's words replace ours. */
export async function inPlantedCopy<Answer>(
  variant: Variant,
  play: (copy: string) => Promise<Answer>,
): Promise<Answer> {
  const copy = mkdtempSync(join(tmpdir(), 'founder-hq-planted-'));
  try {
    for (const part of ['shared', 'sync-worker', join('test', 'simulation'), 'package.json']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
    for (const edit of variant.edits) apply(copy, edit);
    return await play(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Stops where a variant no longer says what it would change, before hours are spent on it. */
export function checkVariant({ edits }: Variant): void {
  for (const edit of edits) split(ROOT, edit);
}

function apply(copy: string, edit: Edit): void {
  writeFileSync(join(copy, edit.file), split(copy, edit).join(edit.to));
}

/** A text that stands more than once, or no longer, would plant another bug than the one that is named. */
function split(root: string, { file, from }: Edit): string[] {
  const parts = readFileSync(join(root, file), 'utf8').split(from);
  if (parts.length !== 2) {
    throw new Error(`\`${from}\` stands ${parts.length - 1} times in \`${file}\`, expected once`);
  }
  return parts;
}
