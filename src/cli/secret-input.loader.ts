import { UsageError } from './exit-code.js';
import { remark } from './output.js';

const LONGEST_SECRET_BYTES = 65_536;

/** A secret from standard input: typed unseen at a terminal, else the whole of a pipe without its line end. Never an argument. */
export async function readSecret(question: string): Promise<string> {
  const text = process.stdin.isTTY ? await typedUnseen(question) : await piped();
  if (text === '') throw new UsageError('机密不能为空');
  return text;
}

async function piped(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > LONGEST_SECRET_BYTES) throw new UsageError('机密过长（至多 64 KB）');
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** What has been typed so far, and whether that was all. */
interface Typed {
  readonly text: readonly string[];
  readonly end: 'open' | 'entered' | 'given up';
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const INTERRUPT = '\u0003';
const ERASE = new Set(['\u007f', '\b']);

function afterKey({ text, end }: Typed, key: string): Typed {
  if (end !== 'open') return { text, end };
  if (key === INTERRUPT) return { text: [], end: 'given up' };
  if (ENTER.has(key)) return { text, end: 'entered' };
  return { text: ERASE.has(key) ? text.slice(0, -1) : [...text, key], end };
}

function typedUnseen(question: string): Promise<string> {
  remark(question);
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed: Typed = { text: [], end: 'open' };
    const take = (keys: string): void => {
      typed = [...keys].reduce(afterKey, typed);
      if (typed.end === 'open') return;
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off('data', take);
      if (typed.end === 'entered') resolve(typed.text.join(''));
      else reject(new UsageError('已取消'));
    };
    stdin.on('data', take);
    stdin.resume();
  });
}
