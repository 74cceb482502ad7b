import type { StatedFigure, StatementSource } from './source.js';

type Documents = StatementSource['documents'];

/**
 * Figures with every one marked that rests on a sample document: by a parameter, by what was filed under such a document, or by another
 * figure that does. Figures stand after those they are computed from.
 */
export function markSamples(
  figures: readonly StatedFigure[],
  documents: Documents,
): readonly StatedFigure[] {
  const samples = new Set<string>();
  const cites = (clause = ''): boolean =>
    documents.get(clause.split(' ')[0] ?? '')?.sample === true;
  return figures.map((figure) => {
    const { report } = figure;
    const inputs = report.inputs.some(
      ({ clause, figure: of = '', sample }) => sample === true || cites(clause) || samples.has(of),
    );
    if (report.sample !== true && !inputs && !cites(report.clause)) return figure;
    samples.add(report.id);
    return { ...figure, report: { ...report, sample: true } };
  });
}
