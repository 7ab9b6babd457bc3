import { darkenByPage, type SvgText } from '#shared/chart/index.ts';
import * as coda from './sdk.ts';

/** What every chart is declared with. */
export const PICTURE = {
  connectionRequirement: coda.ConnectionRequirement.None,
  cacheTtlSecs: 86_400,
  resultType: coda.ValueType.String,
  schema: { type: coda.ValueType.String, codaType: coda.ValueHintType.ImageReference },
} as const;

/** A chart as the address of a picture that Coda shows, dark in a dark doc. It holds the chart in words for those who do not see it. */
export const toPicture = (svg: SvgText): string =>
  coda.SvgConstants.DataUrlPrefixWithDarkModeSupport + toBase64(darkenByPage(svg));

/** What examples show of a picture, whose text is long. */
export const PICTURE_EXAMPLE = `${coda.SvgConstants.DataUrlPrefixWithDarkModeSupport}…`;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of a text in UTF-8; a Pack has no `btoa`. Source: RFC 4648, section 4. */
function toBase64(text: string): string {
  const bytes = Array.from(toUtf8(text));
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.slice(at, at + 3);
    const bits = (one << 16) | (two << 8) | three;
    const letters = [18, 12, 6, 0].map((shift) => LETTERS[(bits >> shift) & 63] ?? '').join('');
    const missing = Math.max(0, at + 3 - bytes.length);
    groups.push(letters.slice(0, 4 - missing) + '='.repeat(missing));
  }
  return groups.join('');
}

/** The bytes of a text in UTF-8. */
function* toUtf8(text: string): Generator<number> {
  const escaped = encodeURIComponent(text);
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped[at] === '%') {
      yield Number.parseInt(escaped.slice(at + 1, at + 3), 16);
      at += 2;
    } else yield escaped.charCodeAt(at);
  }
}
