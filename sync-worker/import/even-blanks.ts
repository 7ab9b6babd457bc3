/**
 * A text with one space for every run of blanks, line breaks and characters that steer a terminal, and none at its ends.
 * Names are told apart by their words, and a doc may keep blanks in another way than a file does.
 */
export const evenBlanks = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
