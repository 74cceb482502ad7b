/** What the machinery must do next. The type decides; no caller inspects messages. */
export type Recovery =
  | 'retry' // transient: back off and run the job again
  | 'quarantine' // this record is bad: park it for a person, carry on with the rest
  | 'halt'; // the run cannot be trusted: stop, tell a person

/**
 * The root of every error Heyi raises on purpose. `message` is Chinese for the person who must act; `remedy` says what to do.
 * A name or certificate number of a person never enters a message or context.
 */
export abstract class GatewayError extends Error {
  abstract readonly code: `${string}.${string}`;
  abstract readonly recovery: Recovery;
  /** One sentence telling the reader what to do about it. */
  abstract readonly remedy: string;

  constructor(
    message: string,
    readonly context: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
