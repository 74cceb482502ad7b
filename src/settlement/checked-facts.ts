import { parametersOf } from '../policy/checked-schemas.js';
import { type Fault, filingFault, overlayFaults } from '../policy/checks.js';
import { BUCKETS, type FilingRecord, type RegionRecord } from '../policy/policy-schema.js';
import { filingsOf, type RegionChain } from '../policy/resolve.js';
import { inlineOverlay } from './facts-from-file.js';
import { type FactsFile, factsSchema } from './facts-schema.js';

/** The facts schema, knowing the region: the parameters that `set` speaks to, the filings it asks for, the buckets it books. */
export function checkedFactsSchema(chain: RegionChain) {
  const buckets = bucketsOf(chain);
  const declared = filingsOf(chain);
  return factsSchema.superRefine((file, context) => {
    const overlay = inlineOverlay(chain[0].region, file);
    const faults = [
      ...(overlay === null ? [] : overlayFaults(overlay, parametersOf(chain))),
      ...bucketFaults(file, buckets),
      ...filingFaults(file, declared),
    ];
    for (const { path, message } of faults)
      context.addIssue({ code: 'custom', path: [...path], message });
  });
}

/** Buckets that the scope table of the region can put a claim in: each must be written, if only as zero. */
function bucketsOf(chain: readonly RegionRecord[]): readonly string[] {
  const rules = chain.map(({ scope }) => scope?.rules).find((found) => found !== undefined) ?? [];
  const named = new Set(rules.flatMap(({ bucket }) => (bucket === undefined ? [] : [bucket])));
  return BUCKETS.filter((bucket) => bucket !== 'excluded' && named.has(bucket));
}

function bucketFaults({ pools }: FactsFile, buckets: readonly string[]): readonly Fault[] {
  return Object.entries(pools).flatMap(([name, own]) => {
    const missing = (booked: Readonly<Record<string, unknown>> | undefined, path: Fault['path']) =>
      booked === undefined
        ? []
        : buckets
            .filter((bucket) => !Object.hasOwn(booked, bucket))
            .map((bucket) => ({ path, message: `缺少 ${bucket}（没有发生写 0.00）` }));
    return [
      ...missing(own?.booked, ['pools', name, 'booked']),
      ...(own?.members ?? []).flatMap(({ booked }, index) =>
        missing(booked, ['pools', name, 'members', index, 'booked']),
      ),
    ];
  });
}

type Declared = Readonly<Record<string, FilingRecord>>;

function filingFaults({ filings, pools }: FactsFile, declared: Declared): readonly Fault[] {
  const places = [
    { path: ['filings'], filings },
    ...Object.entries(pools).flatMap(([name, own]) => [
      { path: ['pools', name, 'filings'], filings: own?.filings ?? {} },
      ...(own?.members ?? []).map((member, index) => ({
        path: ['pools', name, 'members', index, 'filings'],
        filings: member.filings,
      })),
    ]),
  ];
  return places.flatMap((place) =>
    Object.entries(place.filings).flatMap(([name, { value }]) => {
      const record = Object.hasOwn(declared, name) ? declared[name] : undefined;
      const message =
        record === undefined ? `地区没有申报事项 ${name}` : filingFault(record, value);
      return message === null ? [] : [{ path: [...place.path, name], message }];
    }),
  );
}
