/** What a list answers: a page of items and, where more follow, the token of the next page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string;
}

/** An opaque token that stands for a small JSON value. */
export const toToken = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** The JSON value of a token; `undefined` for text that is none. */
export function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** The whole positive number that a query parameter means; `undefined` for anything else. */
export function parseLimit(text: string): number | undefined {
  const limit = Number(text);
  return /^\d+$/.test(text) && limit >= 1 ? limit : undefined;
}
