import { expect, it } from '@jest/globals';
import { fixedOffset } from './fixed-offset.js';

it.each([
  ['Asia/Shanghai', '+08:00'],
  ['UTC', '+00:00'],
  ['Asia/Kolkata', '+05:30'],
  ['Europe/Paris', null],
])('offset of %s', (timezone, offset) => {
  expect(fixedOffset(timezone)).toBe(offset);
});
