/** A zone without summer time as the offset that every database understands: `Asia/Shanghai` → `+08:00`; null for one that changes. */
export function fixedOffset(timezone: string): string | null {
  const [winter, summer] = ['2024-01-01T00:00:00Z', '2024-07-01T00:00:00Z'].map((instant) =>
    offsetAt(timezone, instant),
  );
  return winter !== undefined && winter === summer ? winter : null;
}

function offsetAt(timeZone: string, instant: string): string | undefined {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = parts.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName');
  const offset = name?.value.slice('GMT'.length);
  return offset === '' ? '+00:00' : offset;
}
