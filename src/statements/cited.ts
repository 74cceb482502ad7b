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
    { documents: records.documents, sample: records.sample === 'true' },
  ];
  return new Map(
    shelves.flatMap(({ documents, sample }) =>
      Object.entries(documents).map(([code, { number, title }]) => {
        return [code, { number, title, sample }] as const;
      }),
    ),
  );
}

/** What the choices of the region's parameters are called, its own before its parents'. */
export function choiceNames(chain: SitePolicy['chain']): StatementSource['choices'] {
  return new Map(
    chain.toReversed().flatMap(({ parameters }) =>
      Object.entries(parameters).map(([id, { choices = {}, reading }]) => {
        const readings = Object.entries(reading?.choices ?? {}).map(([key, { label }]) => [
          key,
          label,
        ]);
        return [
          id,
          { ...(Object.fromEntries(readings) as Record<string, string>), ...choices },
        ] as const;
      }),
    ),
  );
}

/** The region's parameters that are tables. */
export function tableParameters(chain: SitePolicy['chain']): StatementSource['tables'] {
  return new Set(
    chain.flatMap(({ parameters }) =>
      Object.entries(parameters).flatMap(([id, { unit }]) => (unit === 'table' ? [id] : [])),
    ),
  );
}

const LABELS: Readonly<Record<string, string>> = BUCKET_LABELS;

/** Chinese name of a claim's category. */
export function categoryWords(bucket: string): string {
  return LABELS[bucket] ?? bucket;
}
