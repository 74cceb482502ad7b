import type { AccessRole, InstitutionScope } from './roles.js';

/** Somebody who may sign in, as others see them. */
export interface Account {
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly AccessRole[];
  readonly institutions: InstitutionScope;
  /** The password was given by somebody else and must be changed first. */
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
}

/** Who asks for a change, for the journal: a signed-in user, or the command line of the server. */
export interface Actor {
  readonly username: string;
  readonly roles: readonly string[];
  /** Network address, or `cli`. */
  readonly address: string;
}

/** Letters, digits and `. _ -`, starting with a letter; compared without case. */
export const USERNAME = /^[a-z][a-z0-9._-]{1,31}$/;
