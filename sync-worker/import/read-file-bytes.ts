import { createReadStream } from 'node:fs';

/**
 * The bytes of a file, opened when the first of them is asked for and let go of when no more are. A stream that is made ahead
 * opens by itself: where its reader is refused before it begins, nobody is left to hear that the file is missing.
 */
export async function* readFileBytes(path: string): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of createReadStream(path)) yield chunk;
}
