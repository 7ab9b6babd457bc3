import { toInstant } from '#shared/kernel/index.ts';
import type { BlownFuse } from '#worker/sync/index.ts';

const NAMES_MAX = 3;
const ROWS_MAX = 50;

/** What a blown fuse has stopped, and the two ways on. */
export function describeFuse({ table, known, missing, sinceMs }: BlownFuse): readonly string[] {
  const names = missing.slice(0, NAMES_MAX).map(({ name }) => `\`${name}\``);
  const more = missing.length > NAMES_MAX ? ', …' : '';
  return [
    `error: Table \`${table}\` lacks ${missing.length} of ${known} rows at once (${names.join(', ')}${more}), first seen ${toInstant(sinceMs)}: none was taken for deleted, and nothing is written to that table.`,
    'next: bring the rows back (in Coda: … › Version history); if they are meant to be gone, look at them with `founder-hq sync --accept-deletes --dry-run` and go on with `founder-hq sync --accept-deletes`',
  ];
}

/** The rows that would count as deleted. */
export function describeMissing(fuses: readonly BlownFuse[]): readonly string[] {
  if (fuses.length === 0) return ['No table lacks more rows than a pass takes for deleted.'];
  return fuses.flatMap(({ table, known, missing }) => [
    `${table}: ${missing.length} of ${known} rows would count as deleted`,
    ...missing.slice(0, ROWS_MAX).map(({ rowId, name }) => `  ${name} (${rowId})`),
    ...(missing.length > ROWS_MAX ? [`  and ${missing.length - ROWS_MAX} more`] : []),
  ]);
}
