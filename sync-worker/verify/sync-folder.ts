import { open } from 'node:fs/promises';

/** Waits until a folder's entries are on the disk: a new file, or a new name, is only safe once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
