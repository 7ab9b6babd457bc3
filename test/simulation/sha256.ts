import { createHash } from 'node:crypto';

/** SHA-256 by the platform, as the worker has it. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
