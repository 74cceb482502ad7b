import { z } from 'zod';
import { whole } from '../../config/values.js';
import { defineTemplate, type Hit, lineHit, wholeLine } from '../template.js';
import { DrugsOfPrescriptions } from '../watches/prescriptions.js';
import { groupLines } from '../windows/line-groups.js';

const params = z.strictObject({
  /** Different drugs of one prescription that are nothing unusual; pieces do not count. */
  maxDrugs: whole(1, 99),
});
type Params = z.infer<typeof params>;

/** T15 of a prescription: it holds very many different drugs (药品种类超标). */
export const drugCount = defineTemplate<Params>({
  name: 'drug-count',
  params,
  trigger: 'claims',
  strongest: 'CLUE',
  codes: () => [],
  watch: ({ maxDrugs }) => ({
    key: `drugsOfPrescription ${maxDrugs}`,
    kinds: ['drug'],
    concerns: () => true,
    start: ({ items }) => new DrugsOfPrescriptions(maxDrugs, (item) => items.codeOf(item) !== null),
  }),

  evaluate({ claims }, _lines, { params: { maxDrugs } }) {
    return claims.flatMap((claim) => {
      const drugs = claim.lines.filter(
        ({ kind, quantity, prescriptionNo }) =>
          kind === 'drug' && quantity > 0 && prescriptionNo !== null,
      );
      return [...groupLines(drugs, ({ prescriptionNo }) => prescriptionNo ?? '')].flatMap(
        ([no, lines]): Hit[] => {
          const names = [...groupLines(lines, ({ itemCode, itemName }) => itemCode ?? itemName)];
          if (names.length <= maxDrugs) return [];
          return [
            lineHit({
              certainty: 'watch',
              windowKey: `${claim.key} ${no}`,
              violating: lines.map(wholeLine),
              facts: { prescription: no, count: names.length, limit: maxDrugs },
              point: null,
            }),
          ];
        },
      );
    });
  },
});
