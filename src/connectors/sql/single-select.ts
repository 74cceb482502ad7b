/**
 * A configured query is put in parentheses and run with a read-only login. This keeps a slip of the hand, or of whoever can write
 * the file, from becoming a second statement: one SELECT, closed parentheses, no locks.
 */

/**
 * Texts, quoted names and comments: what is inside them is not SQL. A backslash before a quote means an end of the text to one
 * database and none to another, so it is not accepted.
 */
const OPAQUE =
  /'(?:[^'\\]|''|\\(?!'))*'|"(?:[^"\\]|""|\\(?!"))*"|`(?:[^`]|``)*`|\[[^\][]*\]|--[^\n]*|\/\*(?!!)[\s\S]*?\*\//g;
const LOCKS =
  /\bfor\s+(?:no\s+key\s+)?(?:update|share|key\s+share)\b|\block\s+in\s+share\s+mode\b/i;
const WRITES =
  /\b(?:insert|update|delete|merge|truncate|drop|alter|create|grant|exec|execute|call|into)\b/i;

/** @returns why this is not a query to send to a hospital; null when it is one */
export function refusedSelect(query: string): string | null {
  const bare = query.replace(OPAQUE, ' ? ').trim().replace(/;\s*$/, '');
  if (!/^(?:select|with)\b/i.test(bare)) return 'query 须是一条 SELECT';
  if (bare.includes(';')) return 'query 只能是一条语句，不能含分号';
  if (/['"`\\]|\/\*|\*\//.test(bare)) return 'query 中的引号或注释没有配对，或引号前有反斜杠';
  if (!balanced(bare)) return 'query 中的括号没有配对';
  if (LOCKS.test(bare)) return 'query 不能给来源的行加锁';
  const verb = WRITES.exec(bare)?.[0];
  return verb === undefined ? null : `query 只能读取，不能含 ${verb.toUpperCase()}`;
}

/** Never closes more than it opened: the parenthesis put around it stays the outermost. */
function balanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
