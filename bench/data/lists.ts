import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Site } from '../../src/config/site.js';
import type { CaseOf } from '../../src/lists/list-case.repository.js';
import type { SettlementList } from '../../src/lists/settlement-list.js';

/** Settlement lists of one hospital's month, the stand-in agency that takes them, and the site that sends them. */

export const HOSPITAL = 'H32070700001';
export const OF = { consortium: 'bench-county', month: '2024-03' } as const;

export interface ListOf {
  readonly each: CaseOf;
  readonly list: SettlementList;
}

/** As long as a list usually is: a full head, eight diagnoses, three procedures. */
export function settlementLists(count: number): readonly ListOf[] {
  return Array.from({ length: count }, (_, index) => {
    const claimNo = `S${String(index).padStart(18, '0')}`;
    const personId = `P${String(index).padStart(18, '0')}`;
    const each: CaseOf = {
      ...{ performedAt: HOSPITAL, settledBy: HOSPITAL },
      case: {
        ...{ claimNo, personId, settledAt: '2024-03-05T10:00:00', admittedAt: null },
        ...{ dischargedAt: null, dischargeMode: null },
        ...{ diagnoses: [], procedures: [], supplement: {} },
      },
    };
    return { each, list: listOf(claimNo, personId) };
  });
}

function listOf(claimNo: string, personId: string): SettlementList {
  return {
    setlinfo: [
      {
        ...{ psn_no: personId, mdtrt_id: claimNo, setl_id: claimNo, medcasno: claimNo },
        ...{ dcla_time: '2024-03-05 10:00:00', ntly: 'CHN', prfs: '90', patn_rlts: '01' },
        ...{ curr_addr: '基准县某街道某路一百二十三号', coner_name: '联系人' },
        ...{ coner_addr: '基准县某街道某路一百二十三号', coner_tel: '0518-12345678' },
        ...{ adm_way: '1', trt_type: '10', adm_time: '2024-02-27 09:12:00', dscg_caty: 'A03' },
        ...{ dscg_time: '2024-03-05 08:30:00', spga_nurscare_days: '0', lv1_nurscare_days: '2' },
        ...{ scd_nurscare_days: '5', lv3_nurscare_days: '0', dscg_way: '1', bill_code: 'B320707' },
        ...{
          bill_no: claimNo,
          biz_sn: claimNo,
          days_rinp_flag_31: '1',
          chfpdr_code: 'D3207070001',
        },
        ...{ setl_begn_date: '2024-02-27', setl_end_date: '2024-03-05', hi_paymtd: '3' },
        ...{ medins_fill_dept: '医保科', medins_fill_psn: '填报员', stas_type: '0' },
      },
    ],
    diseinfo: Array.from({ length: 8 }, (_, index) => ({
      ...{ diag_type: '1', diag_code: `I1${index}.x00`, diag_name: `原发性高血压 ${index} 级` },
      ...{ adm_cond_type: '1', maindiag_flag: index === 0 ? '1' : '0' },
    })),
    oprninfo: Array.from({ length: 3 }, (_, index) => ({
      ...{ oprn_oprt_type: index === 0 ? '1' : '2', oprn_oprt_code: `88.7${index}0x00` },
      ...{ oprn_oprt_name: '心脏超声检查', oper_dr_code: 'D3207070002' },
    })),
    ...{ opspdiseinfo: [], icuinfo: [], bldinfo: [] },
  };
}

/** Folders of a site whose agency is at `url`. */
export function siteAt(url: string, folder: string): Site {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'agency.yaml'),
    `profile: sandbox
connection: { url: '${url}' }
treatmentArea: 320707
settlementAgency: 320799
operator: { code: heyi, name: 合医网关, type: 1 }
settlementUnits: [{ institution: ${HOSPITAL}, name: 县医院 }]
`,
  );
  const homeDir = join(import.meta.dirname, '../..');
  return { homeDir, configDir: join(homeDir, 'config'), siteDir: folder, dataDir: folder };
}

interface Arrival {
  readonly infno: string;
  readonly content: string;
  readonly outcome: string;
}

/** The stand-in agency as a process of its own, whose books hold the settlements. */
export class Agency {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ledger: string,
    readonly url: string,
  ) {}

  static async start(folder: string, lists: readonly ListOf[]): Promise<Agency> {
    mkdirSync(folder, { recursive: true });
    const [books, ledger] = [join(folder, 'books.ndjson'), join(folder, 'arrivals.ndjson')];
    writeFileSync(books, lists.map(({ each }) => `${JSON.stringify(bookRow(each))}\n`).join(''));
    const program = join(import.meta.dirname, '../../src/sandbox/main.js');
    const child = spawn(process.execPath, [program, '--books', books, '--ledger', ledger], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { readonly url: string };
      return new Agency(child, ledger, url);
    }
    throw new Error('the stand-in agency did not start');
  }

  /** What the agency says of the lists it took: how many, and a line a list. */
  taken(): readonly string[] {
    return readFileSync(this.ledger, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Arrival)
      .filter(({ infno, outcome }) => infno === '4101A' && outcome === 'accepted')
      .map(({ content }) => content)
      .sort();
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    await gone;
  }
}

function bookRow({ settledBy, case: { claimNo, personId } }: CaseOf): object {
  return {
    ...{ setl_id: claimNo, mdtrt_id: claimNo, psn_no: personId, fixmedins_code: settledBy },
    ...{ insutype: '390', clr_type: '21', setl_time: '2024-03-05 10:00:00', acct_pay: '0.00' },
    ...{ medfee_sumamt: '100.00', fund_pay_sumamt: '60.00', refd_setl_flag: '0', msgid: claimNo },
  };
}
