/** The id, ten characters, ends the part after `/d/`; the doc's name before it may hold anything, `_d` included. */
const IN_ADDRESS = /\/d\/(?:[^/?#]*_)?d([\w-]{10})(?:[/?#]|$)/;
const ID = /^[\w-]{6,}$/;

/**
 * The id of a doc given by its address or id, or nothing where the text is neither: in
 * `https://coda.io/d/Founder-HQ_dCxcSmXz318/Page_suAbC` it is `CxcSmXz318`.
 */
export function parseDocAddress(addressOrId: string): string | undefined {
  const text = addressOrId.trim();
  return IN_ADDRESS.exec(text)?.[1] ?? ID.exec(text)?.[0];
}

/** Whether a text is a doc's id and nothing beside it, so that it may stand in the name of a file. */
export const isDocId = (text: string): boolean => parseDocAddress(text) === text;
