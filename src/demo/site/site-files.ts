import { INPATIENT_PROFILES } from '../claims/ordinary.js';
import { allClaims, makeCounty } from '../county/county.js';
import { OUTPATIENT_PROFILES } from '../profiles/outpatient.js';
import { diagnosisTable, itemTable } from './code-tables.js';
import { dipCatalogue } from './dip-catalogue.js';

/** The county whose stays the shipped catalogue is made from. */
const SHIPPED = { seed: 20240101, claims: 30_000, planted: 5 };

/** The files of config/demo that follow from the generator, by path below the site: a test keeps them equal. */
export function siteFiles(): ReadonlyMap<string, string> {
  const profiles = [...INPATIENT_PROFILES, ...OUTPATIENT_PROFILES];
  const diagnoses = profiles.flatMap(({ diagnosis, others }) => [diagnosis, ...others]);
  return new Map([
    ['tables/lead-items.csv', itemTable('lead')],
    ['tables/tcm-items.csv', itemTable('tcm')],
    ['tables/township-items.csv', itemTable('township')],
    ['tables/lead-diagnoses.csv', diagnosisTable(diagnoses)],
    ['dip/catalogue.csv', dipCatalogue(allClaims(makeCounty(SHIPPED)))],
  ]);
}
