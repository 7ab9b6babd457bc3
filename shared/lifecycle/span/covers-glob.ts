/**
 * Whether every path of one pattern is also one of another, as far as can be told without listing paths: they are the same, or the
 * wide one takes a whole folder (`**`, `src/**`) and the narrow one lies in it. In doubt it is not.
 */
export function coversGlob(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (narrow.startsWith('/') || narrow.split('/').includes('..')) return false;
  if (wide === '**') return true;
  const folder = wide.endsWith('/**') ? wide.slice(0, -2) : '';
  return folder !== '' && !/[*?[{]/.test(folder) && narrow.startsWith(folder);
}
