import { z } from 'zod';
import { INSTITUTION_LEVELS } from '../claims/claim.js';

/** `<site>/consortium.yaml`: who belongs together, who leads, and who settles for whom. */

export const MEMBER_KINDS = [
  'lead-hospital', // 牵头医院
  'hospital',
  'township-centre', // 乡镇卫生院
  'village-clinic', // 村卫生室：没有结算身份，由所属卫生院结算
] as const;

const institution = z.string().min(1).max(64);

const member = z.strictObject({
  institution,
  name: z.string().min(1).max(100),
  kind: z.enum(MEMBER_KINDS),
  level: z.enum(INSTITUTION_LEVELS),
  /** The unit that settles for it; a clinic's township centre. Absent: itself. */
  settledBy: institution.optional(),
});

export const consortiumSchema = z
  .strictObject({
    consortium: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    name: z.string().min(1).max(100),
    region: z.string().min(1),
    timezone: z.string().default('Asia/Shanghai'),
    leadHospital: institution,
    certificateKey: z.string().min(16, '证件号散列密钥至少 16 个字符'),
    members: z.array(member).min(1),
  })
  .superRefine((config, context) => {
    const known = new Map(config.members.map((each) => [each.institution, each]));
    const issue = (message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path });
    if (known.size !== config.members.length) issue('成员机构编号重复', ['members']);
    if (known.get(config.leadHospital)?.kind !== 'lead-hospital') {
      issue('leadHospital 须是成员中的 lead-hospital', ['leadHospital']);
    }
    config.members.forEach(({ kind, settledBy }, index) => {
      const path = ['members', index];
      if (kind === 'village-clinic' && settledBy === undefined) {
        issue('村卫生室须写明 settledBy（所属卫生院）', path);
      }
      const unit = settledBy === undefined ? undefined : known.get(settledBy);
      if (settledBy !== undefined && (unit === undefined || unit.settledBy !== undefined)) {
        issue(`settledBy ${settledBy} 不是有结算身份的成员`, path);
      }
    });
  });

export type ConsortiumConfig = Readonly<z.output<typeof consortiumSchema>>;
export type Member = ConsortiumConfig['members'][number];

/** @returns the member, or null when the institution does not belong to the consortium */
export function memberOf(config: ConsortiumConfig, code: string): Member | null {
  return config.members.find((each) => each.institution === code) ?? null;
}
