// Pinyin initials of Chinese words by the browser's own collation: "重大危险源" is found by "zdwxy".
// A character with several readings counts by the one under which the browser sorts it.

// The first character of each letter in the Chinese order of the Unicode collation (from memory; none begin
// with i, u or v).
const FIRST = "阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他屲夕丫帀";
const LETTERS = "abcdefghjklmnopqrstwxyz";
const collator = new Intl.Collator("zh-CN-u-co-pinyin");

function initialOf(sign: string): string {
  if (!/\p{Script=Han}/u.test(sign)) return /[a-z0-9]/i.test(sign) ? sign.toLowerCase() : "";
  let found = "";
  for (let n = 0; n < FIRST.length; n++) {
    if (collator.compare(sign, FIRST.charAt(n)) < 0) break;
    found = LETTERS.charAt(n);
  }
  return found;
}

export function initialsOf(words: string): string {
  return [...words].map(initialOf).join("");
}

/** Whether words are found by a part of them or of their initials. */
export function isFound(words: string, other: string, wanted: string): boolean {
  const asked = wanted.trim().toLowerCase();
  return (
    !asked ||
    words.toLowerCase().includes(asked) ||
    other.toLowerCase().includes(asked) ||
    (/^[a-z0-9]+$/.test(asked) && initialsOf(words).includes(asked))
  );
}
