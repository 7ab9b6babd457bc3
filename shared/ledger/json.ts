/** What JSON can say. Numbers are finite; a missing field is left out, never `undefined`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [field: string]: Json };
