import { describe, expect, it } from '@jest/globals';
import { MachineTime } from './machine-time.js';

describe('time on a crowded machine', () => {
  it('passes as on the wall while there are processors to spare', () => {
    const time = new MachineTime(2, 1_000);
    time.look(2_000, 1);
    time.look(3_000, 2);
    expect(time.at(5_000)).toBe(4_000);
  });

  it('passes more slowly the more want to run, and goes back to its pace', () => {
    const time = new MachineTime(2, 0);
    time.look(1_000, 8);
    time.look(5_000, 1);
    expect(time.at(6_000)).toBe(1_000 + 1_000 + 1_000);
    expect(time.at(3_000)).toBe(1_500); // a moment of the past, at the pace it had then
    expect(time.at(500)).toBe(500);
  });

  it('never stands still', () => {
    const time = new MachineTime(2, 0);
    time.look(0, 5_000);
    expect(time.at(10_000)).toBeCloseTo(1_000);
  });
});
