import { z } from 'zod';
import { sha256 } from '../kernel/hash.js';
import { KnowledgeFileError } from './errors.js';
import { type KnowledgeBase, KnowledgeSet, SET_IDS, type SetId } from './knowledge.js';
import { type Batch, parseBatches, parsePoints } from './point-table.js';
import type { ReleaseManifest } from './release.js';
import { knowledgeFolder, readKnowledgeText } from './table.loader.js';

const manifestSchema = z.strictObject({
  release: z.string().length(64),
  sets: z.record(z.string(), z.strictObject({ points: z.int(), sha256: z.string().length(64) })),
});

/** The shipped audit knowledge. Each set is read at its first use and checked against the release's digest. */
export class ShippedKnowledge implements KnowledgeBase {
  readonly release: string;
  readonly batches: ReadonlyMap<string, Batch>;
  private readonly manifest: ReleaseManifest;
  private readonly loaded = new Map<SetId, KnowledgeSet>();

  /** @throws KnowledgeFileError when the release is missing or not readable */
  constructor(private readonly folder: string = knowledgeFolder()) {
    this.manifest = readManifest(folder);
    this.release = this.manifest.release;
    this.batches = parseBatches(readKnowledgeText('nhsa/batches.csv', folder));
  }

  /** @throws KnowledgeFileError when the table was altered outside an import */
  set<S extends SetId>(id: S): KnowledgeSet<S> {
    const known = this.loaded.get(id);
    if (known !== undefined) return known as unknown as KnowledgeSet<S>;
    const set = this.read(id);
    this.loaded.set(id, set as unknown as KnowledgeSet);
    return set;
  }

  private read<S extends SetId>(id: S): KnowledgeSet<S> {
    const file = `nhsa/${id}.csv`;
    const csv = readKnowledgeText(file, this.folder);
    if (sha256(csv) !== this.manifest.sets[id]?.sha256) {
      throw new KnowledgeFileError(`${file} 与 release.json 的摘要不符，文件被改动过`, { file });
    }
    return new KnowledgeSet(id, parsePoints(id, csv, this.batches));
  }

  /** Every point of every set. */
  points(): KnowledgeSet['points'] {
    return SET_IDS.flatMap((id) => this.set(id).points);
  }
}

export function loadKnowledgeBase(folder?: string): ShippedKnowledge {
  return new ShippedKnowledge(folder);
}

function readManifest(folder: string): ReleaseManifest {
  const file = 'nhsa/release.json';
  const text = readKnowledgeText(file, folder);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new KnowledgeFileError(`${file} 无法读取`, { file }, { cause });
  }
}
