import { POOLS } from '../claims/claim.js';
import type { Facts, MemberFacts, PoolFacts } from './facts.js';

/**
 * Facts made of two: which part is data (claims, points, payments) and which part people decided (grades, filings, approvals, sanctions,
 * confirmed deductions, the lead's plan).
 */

/** The data of the one facts with the decisions of the other. Who or what the other does not know keeps its own. */
export function withoutNewDecisions(data: Facts, decided: Facts): Facts {
  const { distribution: _, ...rest } = data;
  return {
    ...rest,
    grade: decided.grade,
    filings: decided.filings,
    ...(decided.distribution === undefined ? {} : { distribution: decided.distribution }),
    pools: eachPool(data, decided, poolDecisions),
  };
}

/** The same facts with the points of the other: how cases were valued before the rules changed. */
export function withPointsOf(facts: Facts, other: Facts): Facts {
  return {
    ...facts,
    pools: eachPool(facts, other, (own, from) => ({
      ...own,
      members: eachMember(own, from, (member, { points, paidAtActual }) => ({
        ...member,
        points,
        paidAtActual,
      })),
    })),
  };
}

function poolDecisions(own: PoolFacts, decided: PoolFacts): PoolFacts {
  const { budget, otherLines, auditDeductions, reasonableOverspend, filings } = decided;
  return {
    ...own,
    ...{ budget, otherLines, auditDeductions, reasonableOverspend, filings },
    members: eachMember(own, decided, memberDecisions),
  };
}

function memberDecisions(own: MemberFacts, decided: MemberFacts): MemberFacts {
  const { auditDeductions, sanctions, filings, procurement } = decided;
  const { procurement: _, ...rest } = own;
  return {
    ...rest,
    ...{ auditDeductions, sanctions, filings },
    ...(procurement === undefined ? {} : { procurement }),
  };
}

function eachPool(
  facts: Facts,
  other: Facts,
  mix: (own: PoolFacts, from: PoolFacts) => PoolFacts,
): Facts['pools'] {
  const mixed = POOLS.flatMap((pool) => {
    const [own, from] = [facts.pools[pool], other.pools[pool]];
    if (own === undefined) return [];
    return [[pool, from === undefined ? own : mix(own, from)] as const];
  });
  return Object.fromEntries(mixed) as Facts['pools'];
}

function eachMember(
  own: PoolFacts,
  from: PoolFacts,
  mix: (member: MemberFacts, from: MemberFacts) => MemberFacts,
): readonly MemberFacts[] {
  return own.members.map((member) => {
    const found = from.members.find(({ institution }) => institution === member.institution);
    return found === undefined ? member : mix(member, found);
  });
}
