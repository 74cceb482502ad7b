/** What closing takes beside the time that a job in hand is given, ms. */
const CLOSING_MS = 10_000;

/**
 * Ends this process when it has not ended by itself in time: something it waits for, a queue's server above all, may be gone for good.
 * Nothing is lost by it: what is not committed is taken by another.
 *
 * @param shutdownMs  what a job in hand is given
 */
export function endInTime(shutdownMs: number): void {
  const late = setTimeout(() => {
    process.stderr.write(
      '停止超时，强制退出；未完成的工作由其他进程接手 / took too long to stop\n',
    );
    process.exit(1);
  }, shutdownMs + CLOSING_MS);
  late.unref();
}
