import { judgeBatches, judgeBooks } from '../oracle/books.js';
import { judgeJournal } from '../oracle/journal.js';
import { type Canary, judgeLeaks } from '../oracle/leaks.js';
import { judgeLedger } from '../oracle/ledger.js';
import { judgeMoney } from '../oracle/money.js';
import { merged, type TrueClaim, type Truth, type Verdict } from '../oracle/truth.js';
import {
  type Claim,
  CONSORTIUM,
  type County,
  dayOf,
  lineFen,
  monthOf,
  settlesFor,
  sharesOf,
  totalFen,
} from './county.js';
import type { Scene } from './scene.js';

/** The county in the oracle's words. */
export function truthOf(claims: readonly Claim[], refused: ReadonlySet<string> = new Set()): Truth {
  return { consortium: CONSORTIUM, claims: claims.map((claim) => trueClaim(claim, refused)) };
}

function trueClaim(claim: Claim, refused: ReadonlySet<string>): TrueClaim {
  const { pooled, critical, fund } = sharesOf(claim);
  return {
    institution: claim.member,
    claimNo: claim.claimNo,
    settledBy: settlesFor(claim.member),
    pool: claim.pool,
    month: monthOf(claim),
    settledOn: dayOf(claim),
    totalFen: totalFen(claim),
    bookedFen: pooled + critical,
    fundFen: fund,
    lines: new Map(claim.lines.map((line) => [line.lineNo, lineFen(line)])),
    refused: refused.has(claim.claimNo),
  };
}

/** All invariants at once, over what the scene left behind. The workers must be idle. */
export async function judge(scene: Scene, truth: Truth): Promise<Verdict> {
  return merged([
    await judgeBooks(scene.pool, truth),
    await judgeBatches(scene.pool, truth.consortium),
    await judgeJournal(scene.pool, truth.consortium),
    await judgeMoney(scene.pool, truth),
    await judgeLedger(scene.pool, scene.arrivals),
    await judgeLeaks(scene.pool, { canaries: canaries(scene), texts: await texts(scene) }),
  ]);
}

function canaries({ county, secrets }: Scene): readonly Canary[] {
  return [
    ...county.persons.flatMap(({ name, certificate }) => [
      { what: 'a certificate number', text: certificate },
      { what: 'a name', text: name },
    ]),
    ...secrets.map((text) => ({ what: 'a password', text })),
  ];
}

async function texts(scene: Scene): Promise<ReadonlyMap<string, string>> {
  const said = scene.processes.map(
    ({ name, remains }) => [`the output of ${name}`, remains.said] as const,
  );
  const redis = scene.redis === null ? '' : await scene.redis.contents();
  return new Map([...said, ['Redis', redis]]);
}

export const wholeCounty = ({ claims }: County): Truth => truthOf(claims);
