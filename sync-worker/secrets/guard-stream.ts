import { hideKnown } from './known-secrets.ts';

type Written = string | Uint8Array;
type Done = (error?: Error | null) => void;

/** Has a stream of texts leave out every secret this process knows, whoever writes to it. */
export function guardStream(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream);
  stream.write = (text: Written, second?: BufferEncoding | Done, done?: Done) => {
    const safe = typeof text === 'string' ? hideKnown(text) : text;
    return typeof second === 'function' ? write(safe, second) : write(safe, second, done);
  };
}
