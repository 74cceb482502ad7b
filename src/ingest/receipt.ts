import { XMLBuilder } from 'fast-xml-parser';
import { fen, toYuan } from '../kernel/money.js';
import type { BatchResult } from './batch.js';

/** A row that could not land, as its sender may know it: no person, only place and reason. */
export interface RefusedLine {
  readonly batchId: string;
  /** Row of its stream within the file, from 1. */
  readonly row: number;
  readonly field: string | null;
  readonly message: string;
  readonly remedy: string;
}

const builder = new XMLBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  format: true,
  suppressEmptyNode: true,
});

/** The receipt (回执) for one dropped file: what landed, what did not and what to do about it. Same outcome, same bytes. */
export function receiptXml(
  unit: string,
  batches: readonly BatchResult[],
  refused: readonly RefusedLine[],
): string {
  const streams = batches.map((batch) => ({
    '@name': batch.stream,
    '@state': batch.state,
    '@landedRows': String(batch.landedRows),
    '@landedYuan': toYuan(fen(BigInt(batch.landedFen))),
    '@quarantinedRows': String(batch.quarantinedRows),
    '@quarantinedYuan': toYuan(fen(BigInt(batch.quarantinedFen))),
    ...(batch.message === null ? {} : { message: batch.message }),
    ...(batch.remedy === null ? {} : { remedy: batch.remedy }),
    refused: refused
      .filter(({ batchId }) => batchId === batch.batchId)
      .map(({ row, field, message, remedy }) => ({
        '@row': String(row),
        ...(field === null ? {} : { '@field': field }),
        message,
        remedy,
      })),
  }));
  const document = { '@file': unit, stream: streams };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ receipt: document })}`;
}
