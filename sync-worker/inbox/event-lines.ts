import { MAX_TEXT_LENGTH } from '#shared/contracts/index.ts';

/** One line of a file of events. */
export interface EventLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Whether no line break follows: whoever writes it may not be done. */
  readonly isTorn: boolean;
  /** Whether it is longer than any event, and was cut. */
  readonly isCut: boolean;
}

/** The lines of a file, one after the other; blank ones are counted and left out, and so is a byte order mark. */
export async function* readEventLines(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventLine, void> {
  const decoder = new TextDecoder();
  let open = { line: 1, text: '', isCut: false };
  for await (const bytes of source) {
    const [first = '', ...parts] = decoder.decode(bytes, { stream: true }).split('\n');
    open = add(open, first);
    for (const part of parts) {
      if (open.text.trim() !== '') yield { ...open, text: open.text.trim(), isTorn: false };
      open = add({ line: open.line + 1, text: '', isCut: false }, part);
    }
  }
  const { text, ...place } = add(open, decoder.decode());
  if (text.trim() !== '') yield { ...place, text: text.trim(), isTorn: true };
}

type OpenLine = Omit<EventLine, 'isTorn'>;

/** What is too long to be an event is let go of as it is read, so that no file fills the memory. */
function add({ line, text, isCut }: OpenLine, more: string): OpenLine {
  const isTooLong = isCut || text.length + more.length > MAX_TEXT_LENGTH;
  return { line, text: isTooLong ? text : text + more, isCut: isTooLong };
}
