import { GatewayError, type Recovery } from '../../kernel/errors.js';
import type { AuditedBooks, BooksRequest } from '../audit-books.repository.js';
import { byId } from '../audit-claims.js';
import type { CompiledAudit } from '../compile.js';
import { mergedCoverage } from '../coverage.js';
import type { BookFolders } from '../rules.loader.js';

/** What a thread is started with. */
export interface ShareOrder extends Pick<CompiledAudit, 'rulesDigest' | 'knowledgeRelease'> {
  readonly url: string;
  readonly folders: BookFolders;
  /** Exported by the transaction of the one who shares the work out. */
  readonly snapshot: string;
  readonly request: BooksRequest;
}

/** What a thread says at its end. */
export type ShareAnswer =
  | { readonly kind: 'audited'; readonly books: AuditedBooks }
  /** Files were changed since they were read, or people decided something: its rules are not those it was to go by. */
  | { readonly kind: 'other-rules' }
  | { readonly kind: 'failed'; readonly error: CarriedError };

/** An error as it passes between threads, which keep neither its class nor its fields. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly gateway: Pick<GatewayError, 'code' | 'recovery' | 'remedy' | 'context'> | null;
}

/** Persons are in one share only: findings come together, counts add up. */
export function mergeShares(shares: readonly AuditedBooks[]): AuditedBooks {
  return {
    findings: shares.flatMap(({ findings }) => findings).sort(byId),
    coverage: mergedCoverage(shares.flatMap(({ coverage }) => coverage)),
    claims: shares.reduce((sum, { claims }) => sum + claims, 0),
    lines: shares.reduce((sum, { lines }) => sum + lines, 0),
    throughBatch: shares[0]?.throughBatch ?? '0',
  };
}

export function carried(error: unknown): CarriedError {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), stack: undefined, gateway: null };
  const { name, message, stack } = error;
  return { name, message, stack, gateway: error instanceof GatewayError ? saidBy(error) : null };
}

function saidBy({ code, recovery, remedy, context }: GatewayError): CarriedError['gateway'] {
  return { code, recovery, remedy, context };
}

/** The error as whoever called would have met it, had there been no thread. */
export function raised({ name, message, stack, gateway }: CarriedError): Error {
  const error = gateway === null ? new Error(message) : new ShareError(message, gateway);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

class ShareError extends GatewayError {
  readonly code: GatewayError['code'];
  readonly recovery: Recovery;
  readonly remedy: string;

  constructor(
    message: string,
    { code, recovery, remedy, context }: NonNullable<CarriedError['gateway']>,
  ) {
    super(message, context);
    this.code = code;
    this.recovery = recovery;
    this.remedy = remedy;
  }
}
