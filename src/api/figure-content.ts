import { type InstitutionScope, sees } from '../access/roles.js';

interface Line {
  readonly label: string;
  readonly figure?: string;
}

/** The code of the member a figure is about: `sanya.2024.resident.member.H46029900002.points`. */
const MEMBER = /\.member\.([^.]+)\./;

/** What a figure's explanation shows: to somebody bound to institutions without the trace, which runs through other members' figures. */
export function figureContent(content: unknown, institutions: InstitutionScope): unknown {
  if (institutions === 'all' || typeof content !== 'object' || content === null) return content;
  const { trace: _, ...rest } = content as { trace?: unknown; inputs?: readonly Line[] };
  const inputs = (rest.inputs ?? []).filter(({ figure }) => {
    const member = MEMBER.exec(figure ?? '')?.[1];
    return member === undefined || sees(institutions, member);
  });
  return { ...rest, inputs };
}
