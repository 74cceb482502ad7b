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
  members: z.array(
    z.object({
      institution: z.string().min(1),
      name: z.string(),
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
}

export function settlementUnits(config: z.output<typeof settlementUnitsSchema>): SettlementUnits {
  const own = config.members.filter(
    ({ institution, settledBy = institution }) => settledBy === institution,
  );
  return {
    consortium: config.consortium,
    name: config.name,
    region: config.region,
    leadHospital: config.leadHospital,
    units: new Map(own.map(({ institution, name }) => [institution, name])),
  };
}
