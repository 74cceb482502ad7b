/** A table that a query names, as it is written there. */
const NAME =
  /\b(?:from|join)\s+((?:[\w$#\u4e00-\u9fff]+|"[^"]+"|`[^`]+`|\[[^\]]+\])(?:\s*\.\s*(?:[\w$#\u4e00-\u9fff]+|"[^"]+"|`[^`]+`|\[[^\]]+\]))*)/gi;
const COMMENTS = /--[^\n]*|\/\*[\s\S]*?\*\//g;
const CTE = /(?:\bwith|,)\s+(?:recursive\s+)?([\w\u4e00-\u9fff]+)\s+as\s*\(/gi;

/** The tables and views a configured SELECT reads, each once, in the spelling of the query. */
export function tablesOf(query: string): readonly string[] {
  const text = query.replace(COMMENTS, ' ');
  const own = new Set([...text.matchAll(CTE)].map((match) => match[1]));
  const named = [...text.matchAll(NAME)].map((match) => match[1] ?? '');
  return [...new Set(named)].filter((name) => !own.has(name));
}

/** The last part of a name without its quotes. */
export function bareName(table: string): string {
  const last = table.split(/\.(?![^"`[]*["`\]])/).at(-1) ?? table;
  return last.trim().replace(/^["`[]|["`\]]$/g, '');
}
