import type { Seeded } from './random.js';

/** What has to become of a value: land exactly, be held with a reason, or either of them (but nothing else). */
export type Fate = 'lands' | 'held' | 'either';

export interface HostileAmount {
  readonly text: string;
  readonly fate: Fate;
  /** Its exact value where it has one. */
  readonly fen: bigint | null;
}

const FIXED_AMOUNTS = [
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '1,234.5',
    '1e5',
    '1E2',
    '0x1F',
    '1_000',
    '12.345',
    '.',
    '-',
    '--5',
  ],
  ...[
    '１２３.４５',
    '12．30',
    '一百',
    '1 234.50',
    '1.2.3',
    '99999999999999999999',
    '1000000000000000.00',
    '￥12.00',
    '12元',
  ],
  ...[
    '0.00',
    '0.01',
    '100',
    '12.3',
    '12.30',
    '9999999999.99',
    '-12.30',
    '+12.30',
    ' 12.30 ',
    '007.10',
    '',
    'null',
    '1/3',
    '%',
  ],
];
const ALPHABET = [
  ...'0123456789',
  ...'.,-+eE ',
  '０',
  '１',
  '．',
  '，',
  '元',
  '%',
  '\u00a0',
  '\u2212',
  '٣',
];

/** The list that everybody knows, and some that nobody thought of. */
export function hostileAmounts(random: Seeded, invented: number): readonly HostileAmount[] {
  const made = Array.from({ length: invented }, () =>
    Array.from({ length: random.int(1, 9) }, () => random.pick(ALPHABET)).join(''),
  );
  return [...FIXED_AMOUNTS, ...made].map(judgedAmount);
}

/** By a reading of our own: digits, at most one point, at most two decimals, no more than ten thousand million yuan. */
function judgedAmount(text: string): HostileAmount {
  const plain = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text);
  if (plain !== null) {
    const [, sign, whole = '0', decimals = ''] = plain;
    const amount = BigInt(whole) * 100n + BigInt(decimals.padEnd(2, '0'));
    const fen = sign === '-' ? -amount : amount;
    // A negative amount without an original is somebody's mistake, and not for us to book.
    if (fen < 0n) return { text, fate: 'held', fen };
    return { text, fate: /^0\d/.test(whole) ? 'either' : 'lands', fen };
  }
  const loose = /^[\s\u00a0]*\+?(\d{1,13})(?:\.(\d{0,2})0*)?[\s\u00a0]*$/.exec(text);
  if (loose === null) return { text, fate: 'held', fen: null };
  const fen = BigInt(loose[1] ?? '0') * 100n + BigInt((loose[2] ?? '').padEnd(2, '0'));
  return { text, fate: 'either', fen };
}

export interface HostileMoment {
  readonly text: string;
  readonly fate: Fate;
  /** The day it means, where it means one. */
  readonly day: string | null;
}

const FIXED_MOMENTS = [
  ...[
    '2024-02-30 10:00:00',
    '2023-02-29 10:00:00',
    '0000-00-00 00:00:00',
    '24-03-05 10:00:00',
    '2024-13-01 10:00:00',
  ],
  ...[
    '2024-00-10 10:00:00',
    '2024-03-00 10:00:00',
    '2024-03-32 10:00:00',
    '2024-03-05 24:00:01',
    '2024-03-05 23:60:00',
  ],
  ...[
    '2024-03-05 10:00:61',
    '05/03/2024 10:00:00',
    '二〇二四年三月五日',
    '1709600000',
    '45356',
    '20240305',
    '２０２４-03-05 10:00:00',
  ],
  ...[
    '2024-03-05 10:00:00',
    '2024-03-31 23:59:59',
    '2024-03-01 00:00:00',
    '2024-03-05T10:00:00',
    '2024-3-5 8:00:00',
    '2024-03-05',
    '',
  ],
  ...[
    '2024-03-05 10:00:00Z',
    '2024-03-05 10:00:00+00:00',
    '2024-04-31 00:00:00',
    '2024-03-05 10:00:60',
    'Infinity',
    'now',
    '9999-12-31 23:59:59',
  ],
];

export function hostileMoments(random: Seeded, invented: number): readonly HostileMoment[] {
  const two = (value: number): string => String(value).padStart(2, '0');
  const made = Array.from({ length: invented }, () => {
    const day = `2024-${two(random.int(0, 14))}-${two(random.int(0, 33))}`;
    return `${day} ${two(random.int(0, 25))}:${two(random.int(0, 61))}:${two(random.int(0, 61))}`;
  });
  return [...FIXED_MOMENTS, ...made].map(judgedMoment);
}

/** Only `yyyy-mm-dd hh:mm:ss` of a day that exists, within the month that the file is about, must land. */
function judgedMoment(text: string): HostileMoment {
  const exact = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?/.exec(text);
  const loose = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2})$/.exec(text);
  const parts = (exact ?? loose)?.slice(1).map((part) => Number(part ?? 0));
  if (parts === undefined || !isReal(parts)) return { text, fate: 'held', day: null };
  const [year = 0, month = 0, date = 0] = parts;
  const day = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
  const plain = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text);
  return { text, fate: plain && day.startsWith('2024-03') ? 'lands' : 'either', day };
}

function isReal(parts: readonly number[]): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (year < 1900 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const most = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= most && hour <= 23 && minute <= 59 && second <= 59;
}
