import { z } from 'zod';

/**
 * What settlement reads of `<site>/consortium.yaml`: who leads and which members have a settlement identity. The file's own schema
 * stands with ingest; unknown keys are not this reader's business.
 */
export const settlementUnitsSchema = z.object({
  consortium: z.string().min(1),
  name: z.string().min(1),
  region: z.string().min(1),
  leadHospital: z.string().min(1),
  timezone: z.string().default('Asia/Shanghai'),
  members: z.array(
    z.object({
      institution: z.string().min(1),
      name: z.string(),
      kind: z.string().optional(),
      level: z.string().optional(),
      settledBy: z.string().optional(),
    }),
  ),
});

export interface SettlementUnits {
  readonly consortium: string;
  readonly name: string;
  readonly region: string;
  readonly leadHospital: string;
  /** Members that settle for themselves (and for their clinics), by code. */
  readonly units: ReadonlyMap<string, string>;
  /** Institutions that another one settles for (village clinics), by code. */
  readonly clinics: ReadonlyMap<string, { readonly name: string; readonly settledBy: string }>;
  /** What kind of member each is, by code, where the file says so. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Level of each, by code, where the file says so. */
  readonly levels: ReadonlyMap<string, string>;
  /** IANA name of where the consortium counts its days. */
  readonly timezone: string;
}

export function settlementUnits(config: z.output<typeof settlementUnitsSchema>): SettlementUnits {
  const members = config.members.map(({ institution, name, settledBy = institution }) => {
    return { institution, name, settledBy };
  });
  const own = members.filter(({ institution, settledBy }) => settledBy === institution);
  const clinics = members.filter(({ institution, settledBy }) => settledBy !== institution);
  return {
    consortium: config.consortium,
    name: config.name,
    region: config.region,
    leadHospital: config.leadHospital,
    timezone: config.timezone,
    units: new Map(own.map(({ institution, name }) => [institution, name])),
    kinds: new Map(
      config.members.flatMap(({ institution, kind }) =>
        kind === undefined ? [] : [[institution, kind]],
      ),
    ),
    levels: new Map(
      config.members.flatMap(({ institution, level }) =>
        level === undefined ? [] : [[institution, level]],
      ),
    ),
    clinics: new Map(clinics.map(({ institution, ...clinic }) => [institution, clinic])),
  };
}
