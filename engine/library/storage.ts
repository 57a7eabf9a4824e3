// The person's folder by what it holds.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { storageKindSchema, type StorageKind, type StorageUse } from '../../app/contract/storage';
import { FeatureCache } from '../data/featureCache';
import { featuresFolder, trainingFolder } from '../runs/trainingPlaces';
import { folderSize } from './folderSize';

/** What lies in the folder itself, by its name; all else is `other`. */
const KIND_OF: Readonly<Record<string, StorageKind>> = {
  recordings: 'recordings',
  'recordings.sqlite': 'recordings',
  sets: 'sets',
  runs: 'runs',
  models: 'models',
  compiled: 'programs',
  training: 'programs',
};

/** @param data the person's folder */
export async function storageUse(data: string): Promise<StorageUse> {
  const bytes = new Map<StorageKind, number>(storageKindSchema.options.map((kind) => [kind, 0]));
  const add = (kind: StorageKind, more: number): void => void bytes.set(kind, (bytes.get(kind) ?? 0) + more);
  for (const name of await fs.readdir(data)) add(KIND_OF[name] ?? 'other', await folderSize(join(data, name)));
  const features = await folderSize(featuresFolder(trainingFolder(data)));
  add('features', features);
  add('programs', -features);
  // Between two looks a run may have kept more.
  return [...bytes].map(([kind, byteLength]) => ({ kind, byteLength: Math.max(0, byteLength) }));
}

/** @returns bytes that are free by it */
export async function emptyFeatures(data: string): Promise<number> {
  const folder = featuresFolder(trainingFolder(data));
  const before = await folderSize(folder);
  await new FeatureCache(folder).prune(0);
  return Math.max(0, before - (await folderSize(folder)));
}
