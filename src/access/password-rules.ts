/** Lengths in characters. The upper bound keeps a hash from costing what the caller likes. */
export interface PasswordRules {
  readonly leastCharacters: number;
  readonly mostCharacters: number;
}

/** Words that guessing starts with; a password made of one of them and little else is refused. */
const COMMON = [
  ...['password', 'passw0rd', 'p@ssw0rd', 'administrator', 'admin', 'letmein', 'welcome'],
  ...['qwerty', 'qwertyuiop', 'asdfgh', 'zxcvbn', '1q2w3e4r', '1qaz2wsx', 'abc123', 'iloveyou'],
  ...['123456', '1234567890', '111111', '000000', '666666', '888888', '5201314', 'woaini'],
  ...['heyi', 'hospital', 'yiyuan', 'yibao', 'hegui', 'jiesuan', '医院', '医保', '密码'],
];

/** Characters besides a common word that a password must still have. */
const LEAST_OWN_CHARACTERS = 6;
const LEAST_DIFFERENT_CHARACTERS = 5;

/** Why a password is refused, for the person who chose it; null when it is good enough. No word of the password is repeated. */
export function passwordFault(
  password: string,
  username: string,
  { leastCharacters, mostCharacters }: PasswordRules,
): string | null {
  const characters = [...password];
  if (characters.length < leastCharacters) return `口令至少 ${leastCharacters} 个字符`;
  if (characters.length > mostCharacters) return `口令至多 ${mostCharacters} 个字符`;
  const lower = password.toLowerCase();
  if (lower.includes(username.toLowerCase())) return '口令不能包含用户名';
  if (new Set(lower).size < LEAST_DIFFERENT_CHARACTERS) return '口令的不同字符太少';
  if (isRow(lower)) return '口令不能是连续的字符';
  const rest = COMMON.reduce((text, word) => text.replaceAll(word, ''), lower);
  const isCommon = rest.length < lower.length && [...rest].length < LEAST_OWN_CHARACTERS;
  return isCommon ? '口令由常见词组成，太容易猜到' : null;
}

/** `abcdefghijkl`, `987654321098`: each character follows the one before, in one direction. */
function isRow(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  const regular = steps.filter((step) => Math.abs(step) === 1).length;
  return regular >= steps.length - 1;
}
