/** China has one time zone and no summer time. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** An instant as the agency's clock shows it: `2024-03-01 08:00:00`. */
export function chinaTime(instant: Date): string {
  return new Date(instant.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * The sender's message id (发送方报文ID): institution code (12), time to the second (14), number within that second (4).
 * The number comes from a counter kept in the database, never from chance: two messages must not share an id.
 *
 * @param second  `yyyyMMddHHmmss`
 */
export function formatMessageId(institution: string, second: string, number: number): string {
  const id = `${institution}${second}${String(number).padStart(4, '0')}`;
  if (!/^[0-9A-Za-z]{12}\d{18}$/.test(id)) throw new RangeError(`not a message id: ${id}`);
  return id;
}
