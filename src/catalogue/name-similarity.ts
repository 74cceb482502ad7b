/** How alike two names are, as codes are matched by people: the words, not the brackets, packages and dose forms around them. */

const BRACKETED = /[([{〔【〈《][^)\]}〕】〉》]*[)\]}〕】〉》]/gu;
const NOT_WORD = /[^\p{L}\p{N}%]/gu;
/** `0.25g×24片`, `100ml:0.9g`, `2mg*100`. */
const PACKAGE =
  /\d+(?:\.\d+)?(?:mg|μg|ug|g|kg|ml|l|iu|mmol|万单位|单位|万iu|片|粒|支|瓶|袋|盒|丸|贴|枚)?(?:[:×x*/]\d*(?:\.\d+)?(?:mg|μg|ug|g|kg|ml|l|iu|mmol|片|粒|支|瓶|袋|盒|丸|贴|枚)?)*(?:mg|μg|g|ml|iu|片|粒|支|瓶|袋|盒)/gu;
const DOSE_FORM =
  /注射用|注射液|注射剂|片剂|肠溶|缓释|控释|分散|咀嚼|泡腾|滴眼液|滴鼻液|口服溶液|口服液|混悬液|软胶囊|硬胶囊|胶囊|颗粒|冲剂|糖浆|滴丸|丸|片|散|软膏|乳膏|喷雾剂|吸入剂|栓|合剂|酊/gu;
/** Words that one edition of the diagnoses writes and the other does not. */
const FILLERS = /未特指的?|未特指|NOS|nos|其他的?|特指的?|所致|引起的?|的/gu;

/** Full-width forms made narrow, case folded, spaces and signs away. */
export function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(NOT_WORD, '');
}

/** The bare words: without what stands in brackets, packages, dose forms and fillers. */
export function bareName(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase().replaceAll(' ', '');
  const bare = folded
    .replace(BRACKETED, '')
    .replace(PACKAGE, '')
    .replace(DOSE_FORM, '')
    .replace(FILLERS, '')
    .replace(NOT_WORD, '');
  return bare === '' ? plainName(name) : bare;
}

/** Two neighbouring characters each; a single character stands for itself. */
export function bigramsOf(text: string): readonly string[] {
  const characters = [...text];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/** Dice's coefficient of the bigrams, as multisets: 1 = the same, 0 = nothing in common. */
export function dice(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  const left = new Map<string, number>();
  for (const gram of one) left.set(gram, (left.get(gram) ?? 0) + 1);
  let common = 0;
  for (const gram of other) {
    const count = left.get(gram) ?? 0;
    if (count === 0) continue;
    common += 1;
    left.set(gram, count - 1);
  }
  return (2 * common) / (one.length + other.length);
}

/** A name prepared for comparing with many. */
export interface ComparableName {
  readonly plain: string;
  readonly plainGrams: readonly string[];
  readonly bareGrams: readonly string[];
}

export function comparable(name: string): ComparableName {
  const plain = plainName(name);
  return { plain, plainGrams: bigramsOf(plain), bareGrams: bigramsOf(bareName(name)) };
}

/** What is equal but for brackets, packages and dose forms is nearly, not quite, the same. */
const BARE_WEIGHT = 0.92;

/** 0 … 1. */
export function nameSimilarity(one: ComparableName, other: ComparableName): number {
  if (one.plain !== '' && one.plain === other.plain) return 1;
  const bare = BARE_WEIGHT * dice(one.bareGrams, other.bareGrams);
  const whole = dice(one.plainGrams, other.plainGrams);
  return bare > whole ? bare : whole;
}
