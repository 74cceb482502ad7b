import type { SitePolicy } from '../settlement/site-policy.loader.js';
import { BUCKET_LABELS } from '../settlement/steps/booked-amounts.js';
import type { StatementSource } from './source.js';

/** Every document that a figure of the site may cite: of the region's files, its overlays and its records. */
export function citedDocuments({
  chain,
  overlays,
  records,
}: Pick<SitePolicy, 'chain' | 'overlays' | 'records'>): StatementSource['documents'] {
  const shelves = [
    ...chain.map(({ documents }) => ({ documents, sample: false })),
    ...overlays.map(({ documents, sample }) => ({ documents, sample: sample === 'true' })),
    { documents: records.documents, sample: false },
  ];
  return new Map(
    shelves.flatMap(({ documents, sample }) =>
      Object.entries(documents).map(([code, { number, title }]) => {
        return [code, { number, title, sample }] as const;
      }),
    ),
  );
}

const LABELS: Readonly<Record<string, string>> = BUCKET_LABELS;

/** Chinese name of a claim's category. */
export function categoryWords(bucket: string): string {
  return LABELS[bucket] ?? bucket;
}
