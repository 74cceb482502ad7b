import { ITEM_KINDS } from '../../claims/claim.js';
import type { CompiledAudit } from '../compile.js';
import type { ItemNames } from '../screen/item-table.js';
import { ROW } from '../screen/positional-row.js';
import type { ClaimTable } from './claim-table.js';
import type { LineWatcher, SuspectQuestion, WatchSetting } from './line-watch.js';
import type { Unjudged } from './unjudged-lines.js';

/** A watcher, and by profile whether a claim's lines are its business. */
interface Placed {
  readonly watcher: LineWatcher;
  readonly concerned: Uint8Array;
}

/** The watches of a run's rules over the lines of a pass. */
export class LineWatches {
  private readonly byKey = new Map<string, Placed>();
  private readonly byKind: readonly (readonly Placed[])[];
  private readonly leaving: readonly LineWatcher[];
  private claim = -1;

  constructor(
    private readonly audit: CompiledAudit,
    private readonly claims: ClaimTable,
    items: ItemNames,
  ) {
    const setting: WatchSetting = { items, profiles: audit.screen.profiles };
    const ofKind = ITEM_KINDS.map((): Placed[] => []);
    for (const { watch } of audit.watches) {
      if (this.byKey.has(watch.key)) continue;
      const concerned = new Uint8Array(setting.profiles.size);
      for (const [profile, claim] of setting.profiles.all())
        concerned[profile] = watch.concerns(claim) ? 1 : 0;
      const placed = { watcher: watch.start(setting), concerned };
      this.byKey.set(watch.key, placed);
      for (const kind of watch.kinds ?? ITEM_KINDS) ofKind[ITEM_KINDS.indexOf(kind)]?.push(placed);
    }
    this.byKind = ofKind;
    this.leaving = [...this.byKey.values()].flatMap(({ watcher }) =>
      watcher.leave === undefined ? [] : [watcher],
    );
  }

  startClaim(claim: number): void {
    this.leave();
    this.claim = claim;
  }

  line(claim: number, row: Float64Array): void {
    const profile = row[ROW.profile] ?? 0;
    for (const { watcher, concerned } of this.byKind[row[ROW.kind] ?? 0] ?? [])
      if (concerned[profile] === 1) watcher.see(claim, row);
  }

  /** Names persons of whom a rule may find something. */
  suspects(question: Omit<SuspectQuestion, 'probe' | 'claims'>): void {
    this.leave();
    const { claims } = this;
    for (const { watch } of this.audit.watches)
      this.byKey.get(watch.key)?.watcher.suspects({
        ...{ claims, probe: watch.probe ?? null },
        isWanted: question.isWanted,
        tell: question.tell,
      });
  }

  /** Claims that rules cannot judge. */
  *unjudged(): Generator<Unjudged> {
    for (const { position, watch } of this.audit.watches) {
      const { watcher } = this.byKey.get(watch.key) ?? {};
      if (watch.unjudged === undefined || watcher?.isUnjudged === undefined) continue;
      const times = (claim: number): number => (watcher.isUnjudged?.(claim) === true ? 1 : 0);
      yield { position, reason: watch.unjudged, times };
    }
  }

  private leave(): void {
    if (this.claim !== -1) for (const watcher of this.leaving) watcher.leave?.(this.claim);
    this.claim = -1;
  }
}
