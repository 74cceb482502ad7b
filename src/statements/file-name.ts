/** Parts of a file's name as one; no character that a file name cannot hold somewhere. */
export function fileNameOf(parts: readonly string[]): string {
  return parts.join('_').replace(/[\\/:*?"<>|\s]+/g, '-');
}
