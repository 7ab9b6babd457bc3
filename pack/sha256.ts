import { sha256 as hashBytes } from '@noble/hashes/sha2.js';
import type { Sha256 } from '#shared/kernel/index.ts';

/** SHA-256 in plain JavaScript: the platform has no `crypto.subtle`. */
export const sha256: Sha256 = (text) =>
  Buffer.from(hashBytes(Buffer.from(text, 'utf8'))).toString('hex');
