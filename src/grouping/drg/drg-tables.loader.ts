import { readKnowledgeTable } from '../../knowledge/table.loader.js';
import { buildDrgTables, type DrgTables } from './drg-tables.js';

/**
 * Reads one DRG scheme from its folder (default: the shipped CHS-DRG 1.1).
 *
 * @throws KnowledgeFileError when a file is missing or malformed
 * @throws RangeError when the tables contradict each other
 */
export function loadDrgTables(folder = 'drg/chs-drg-1.1'): DrgTables {
  const table = (name: string) => readKnowledgeTable(`${folder}/${name}`);
  return buildDrgTables({
    mdcs: table('mdc.csv'),
    adrgs: table('adrg.csv'),
    groups: table('groups.csv'),
    mdcDiagnoses: table('mdc-diagnoses.csv.gz'),
    adrgDiagnoses: table('adrg-diagnoses.csv.gz'),
    adrgOperations: table('adrg-operations.csv.gz'),
    validOperations: table('valid-operations.csv.gz'),
    complications: table('complications.csv.gz'),
    exclusions: table('exclusions.csv.gz'),
  });
}
