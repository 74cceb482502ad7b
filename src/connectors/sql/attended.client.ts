import { SourceTimeoutError } from '../errors.js';

export interface Attention {
  readonly signal: AbortSignal;
  /** Asks the source to stop what it does for us; never rejects. */
  readonly cancel: () => Promise<void>;
  /** Time that the source may keep us waiting; absent where the server itself keeps it. */
  readonly timeoutMs?: number;
}

/**
 * Waits for the source; when the signal fires or the time is over, the source is asked to stop.
 *
 * @throws the signal's reason, SourceTimeoutError, or what the work failed with
 */
export async function attended<T>(
  work: () => Promise<T>,
  { signal, cancel, timeoutMs }: Attention,
): Promise<T> {
  signal.throwIfAborted();
  let late = false;
  const stop = () => void cancel();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          stop();
        }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    if (late) throw new SourceTimeoutError('来源查询超时，已在来源端取消', {}, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
