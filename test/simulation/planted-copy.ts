import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edit, Variant } from './planted-bugs.ts';
import { playRange, ROOT } from './play-seeds.ts';
import type { SeedRange } from './seed-worker.ts';
import type { Tally } from './tally.ts';

/** Plays seeds against a copy of the core in which a variant's words replace ours. */
export async function playVariant(variant: Variant, range: SeedRange): Promise<Tally> {
  const copy = mkdtempSync(join(tmpdir(), 'founder-hq-planted-'));
  try {
    for (const part of ['shared', join('test', 'simulation'), 'package.json']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
    for (const edit of variant.edits) apply(copy, edit);
    return await playRange(copy, range);
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
