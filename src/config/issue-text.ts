import { z } from 'zod';

const translated = z.locales.zhCN().localeError;

/**
 * What is wrong with a value, for the person who wrote the file: in Chinese, without the words of a programming language. Give it to
 * `safeParse` as `error`; a message that a schema states itself goes before it.
 */
export const issueText: z.core.$ZodErrorMap = (issue) => {
  const missing = issue.input === undefined;
  switch (issue.code) {
    case 'invalid_type':
      if (missing) return '缺少这一项（必填）';
      return `${NEEDED[issue.expected] ?? `应为 ${issue.expected}`}${WRITTEN_AS[typeof issue.input] ?? ''}`;
    case 'invalid_value':
      return `${missing ? '缺少这一项（必填），' : ''}应为 ${issue.values.map(String).join('、')} 之一`;
    case 'unrecognized_keys':
      return `不认识的键：${issue.keys.join('、')}`;
    case 'invalid_key':
      return `键的写法不对：${issue.issues.map(({ message }) => message).join('；')}`;
    case 'too_big':
      return issue.origin === 'array' ? `至多 ${issue.maximum} 项` : translated(issue);
    default:
      return translated(issue);
  }
};

const NEEDED: Readonly<Record<string, string>> = {
  string: '应为文本',
  object: '应写成“键: 值”的一组',
  record: '应写成“键: 值”的一组',
  array: '应为列表',
  boolean: '应为 true 或 false',
};

/** A JSON number would lose a fen silently; YAML scalars never come as numbers. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  number: '，数字须加引号',
  boolean: '，须加引号',
};
