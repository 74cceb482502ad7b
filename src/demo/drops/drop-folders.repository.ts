import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dateOfDay, lastBackfillDay } from '../county/calendar.js';
import type { Delivery } from './drop-plan.js';
import { OccupiedFolderError } from './errors.js';

/** Files of nights to come wait here, out of sight of the gateway, until their night. */
const WAITING = '.waiting';
const RELEASED = '.released';

/**
 * Writes the files that lie there from the start, and keeps those of December's nights back. What an earlier county left is removed.
 *
 * @throws OccupiedFolderError when the folder holds something else
 */
export async function writeDrops(
  dropsDirectory: string,
  deliveries: readonly Delivery[],
): Promise<void> {
  if (existsSync(dropsDirectory) && !existsSync(join(dropsDirectory, RELEASED))) {
    throw new OccupiedFolderError(dropsDirectory);
  }
  await rm(dropsDirectory, { recursive: true, force: true });
  await mkdir(dropsDirectory, { recursive: true });
  await writeFile(join(dropsDirectory, RELEASED), dateOfDay(lastBackfillDay()));
  for (const { night, folder, file, bytes } of deliveries) {
    const target =
      night <= 0
        ? join(dropsDirectory, folder, file)
        : waitingPath(dropsDirectory, { night, folder, file });
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  for (const folder of new Set(deliveries.map((delivery) => delivery.folder))) {
    await mkdir(join(dropsDirectory, folder), { recursive: true });
  }
}

/**
 * Puts the files of one December night into the clinics' folders, each in one step so that nobody sees half of it. A night already
 * released does nothing; a release cut off half-way is finished by the next call.
 *
 * @returns the files that came, `folder/file`
 */
export async function releaseNight(
  dropsDirectory: string,
  date: string,
): Promise<readonly string[]> {
  const stamp = join(dropsDirectory, RELEASED);
  const released = await readFile(stamp, 'utf8');
  if (date <= released) return [];
  const list = await waitingFiles(dropsDirectory, date);
  for (const path of list) {
    const source = join(dropsDirectory, WAITING, date, path);
    if (existsSync(source)) await rename(source, join(dropsDirectory, path));
  }
  await writeFile(stamp, date);
  return list;
}

async function waitingFiles(dropsDirectory: string, date: string): Promise<readonly string[]> {
  const index = join(dropsDirectory, WAITING, date, 'files.txt');
  if (!existsSync(index)) return [];
  return (await readFile(index, 'utf8')).split('\n').filter((line) => line !== '');
}

/** Lists each night's files beside them, written last: the order of release does not depend on the disk. */
export async function writeNightIndexes(
  dropsDirectory: string,
  deliveries: readonly Delivery[],
): Promise<void> {
  const nights = new Map<number, string[]>();
  for (const { night, folder, file } of deliveries) {
    if (night > 0) nights.set(night, [...(nights.get(night) ?? []), `${folder}/${file}`]);
  }
  for (const [night, files] of nights) {
    await writeFile(join(dropsDirectory, WAITING, dateOfDay(night), 'files.txt'), files.join('\n'));
  }
}

function waitingPath(
  dropsDirectory: string,
  { night, folder, file }: Pick<Delivery, 'night' | 'folder' | 'file'>,
): string {
  return join(dropsDirectory, WAITING, dateOfDay(night), folder, file);
}
