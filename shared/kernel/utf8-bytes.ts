/** Bytes of a text in UTF-8; a lone surrogate counts as the replacement character it is sent as. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    if (character < '\u0080') bytes += 1;
    else if (character < '\u0800') bytes += 2;
    // A character that UTF-16 writes as a pair needs four bytes.
    else bytes += character.length === 1 ? 3 : 4;
  }
  return bytes;
}
