import type { ControlTotals } from '../connectors/connector.js';
import { sha256 } from '../kernel/hash.js';
import type { StreamConfig } from './institution-config.js';
import type { Origin } from './landing/batch.repository.js';

interface Reading {
  readonly config: StreamConfig;
  readonly settledBy: string;
  readonly level: string;
  readonly certificateKey: string;
}

/** What a batch is made of, where the source can tell its values. */
export function originOf(
  read: Reading & { readonly unit: { readonly fingerprint: string } | null },
  totals: ControlTotals,
): { readonly origin?: Origin } {
  const contentDigest = read.unit?.fingerprint ?? totals.contentDigest;
  if (contentDigest === undefined) return {};
  return { origin: { contentDigest, mappingDigest: mappingDigest(read) } };
}

/** Of everything but the values that decides what lands. */
export function mappingDigest({ config, settledBy, level, certificateKey }: Reading): string {
  return sha256(JSON.stringify([config, settledBy, level, sha256(certificateKey)]));
}
