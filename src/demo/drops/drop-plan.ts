import { dayOfDate, demoYear } from '../county/calendar.js';
import type { County } from '../county/county.js';
import type { PlantedDirt } from '../county/dirt.js';
import { CLINICS } from '../county/institutions.js';
import { csvText } from './csv-drop.js';
import { type Drop, dropsOf } from './drop.js';
import { encodeGb18030 } from './gb18030.js';
import { xmlText } from './xml-drop.js';

/** A file as it lies in a clinic's folder from one night on; a later one of the same name takes its place. */
export interface Delivery {
  /** Day number; 0 = there from the start. */
  readonly night: number;
  readonly folder: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What happens to one file on its way. */
type Mishap = 'late' | 'half-written' | 'missing-column' | 'duplicate';
interface Trouble {
  readonly clinic: number;
  /** Month, or month and day, of the file. */
  readonly stamp: string;
  readonly mishap: Mishap;
  /** Month and day of the night on which the good file lies there. */
  readonly settledOn: string;
}

const TROUBLES: readonly Trouble[] = [
  { clinic: 4, stamp: '11', mishap: 'late', settledOn: '12-04' },
  { clinic: 8, stamp: '1215', mishap: 'late', settledOn: '12-18' },
  { clinic: 1, stamp: '1210', mishap: 'half-written', settledOn: '12-11' },
  { clinic: 9, stamp: '1213', mishap: 'half-written', settledOn: '12-14' },
  { clinic: 10, stamp: '1207', mishap: 'missing-column', settledOn: '12-09' },
  { clinic: 2, stamp: '1212', mishap: 'duplicate', settledOn: '12-14' },
  { clinic: 7, stamp: '05', mishap: 'duplicate', settledOn: '01-01' },
];
const MISSING_COLUMN = '结算时间';
const FIRST_NIGHT = '12-01';

const stampOf = ({ stamp }: Trouble): string => `${demoYear()}${stamp}`;
const nightOf = (monthDay: string): number => dayOfDate(`${demoYear()}-${monthDay}`);

/** Every file of the year with the night it arrives, the planted mishaps among them. */
export function deliveriesOf(county: County, names: ReadonlyMap<string, string>): Delivery[] {
  return CLINICS.flatMap((clinic, index) =>
    dropsOf(clinic, county.claims.get(clinic.code) ?? []).flatMap((drop) => {
      const trouble = TROUBLES.find(
        (trouble) => trouble.clinic === index && stampOf(trouble) === drop.stamp,
      );
      return trouble === undefined ? [plain(drop, names)] : troubled(drop, trouble, names);
    }),
  );
}

/** The mishaps as truth tells them; a file without claims cannot show one. */
export function fileDirt(county: County): PlantedDirt[] {
  return TROUBLES.flatMap((trouble) => {
    const { clinic, mishap } = trouble;
    const institution = CLINICS[clinic];
    if (institution === undefined) return [];
    const drops = dropsOf(institution, county.claims.get(institution.code) ?? []);
    const drop = drops.find((candidate) => candidate.stamp === stampOf(trouble));
    if (drop === undefined || drop.claims.length === 0) return [];
    const expected = {
      late: 'late',
      'half-written': 'incomplete',
      'missing-column': 'rejected',
      duplicate: 'duplicate',
    }[mishap];
    return [
      {
        kind: mishap,
        institution: institution.code,
        stream: 'file' as const,
        subject: fileOf(drop),
        expected,
        amount: 0n,
      },
    ];
  });
}

/** Claims of a file that arrives after its month was closed: they count to December. */
export function lateStamps(): ReadonlyMap<string, string> {
  return new Map(
    TROUBLES.filter(({ mishap, stamp }) => mishap === 'late' && stamp.length === 2).map(
      (trouble) => [CLINICS[trouble.clinic]?.code ?? '', stampOf(trouble)],
    ),
  );
}

function plain(drop: Drop, names: ReadonlyMap<string, string>): Delivery {
  return { ...place(drop), night: drop.arrives, bytes: bytesOf(drop, names) };
}

function troubled(drop: Drop, trouble: Trouble, names: ReadonlyMap<string, string>): Delivery[] {
  const good = plain(drop, names);
  const night = nightOf(trouble.settledOn);
  switch (trouble.mishap) {
    case 'late':
      return [{ ...good, night }];
    case 'half-written':
      return [
        { ...good, bytes: good.bytes.slice(0, halfOf(good.bytes)) },
        { ...good, night },
      ];
    case 'missing-column': {
      const bytes = new TextEncoder().encode(csvText(drop, names, MISSING_COLUMN));
      return [
        { ...good, bytes },
        { ...good, night },
      ];
    }
    case 'duplicate': {
      const file = good.file.replace(/(\.\w+)$/, '-resend$1');
      return [good, { ...good, file, night: night < nightOf(FIRST_NIGHT) ? 0 : night }];
    }
  }
}

/** Two thirds: inside the rows, after the header. */
function halfOf(bytes: Uint8Array): number {
  return Math.trunc((bytes.length * 2) / 3);
}

function place(drop: Drop): Pick<Delivery, 'folder' | 'file'> {
  return { folder: drop.institution.slug, file: fileOf(drop) };
}

export function fileOf(drop: Drop): string {
  return `settlements-${drop.stamp}.${drop.institution.source === 'clinic-xml' ? 'xml' : 'csv'}`;
}

function bytesOf(drop: Drop, names: ReadonlyMap<string, string>): Uint8Array {
  return drop.institution.source === 'clinic-xml'
    ? encodeGb18030(xmlText(drop, names))
    : new TextEncoder().encode(csvText(drop, names));
}
