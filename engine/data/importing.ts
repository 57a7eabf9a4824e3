// From other people's data sets to the product's own: every sound is read once, so that what is in the set can be used.
import { resolve, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { dataPartSchema, type ImportFormat, type ImportReport, type LeftOutGroup } from '../../app/contract/dataset';
import type { ErrorParams } from '../../app/errors';
import { amountOf } from './amount';
import { checkApart, DataFolderDraft, isInside } from './dataFolder';
import { alphabetFrom } from './dataset';
import type { Candidate } from './importers/importer';
import { detectFormat, IMPORTERS } from './importers/registry';
import { Source } from './importers/source';
import type { KnownSounds } from './knownSounds';
import { LeftOutList } from './leftOutList';
import type { StoredRow } from './manifest';
import { partsOf } from './parts';
import { SoundTaker, type TakenSound, type WrittenSound } from './soundTaker';
import { storedText, symbolName, unmappableSymbol } from './transcriptText';

/** Shares of the speakers. */
export const USUAL_SHARES = { validation: 0.1, test: 0.1 } as const;

export interface ImportOptions {
  /** Null: told by itself. */
  readonly format: ImportFormat | null;
  /** Whether sound is copied into the folder. Segments of longer recordings always come there, as files of their own. */
  readonly isCopying: boolean;
  /** Whether a data set that is there is replaced. */
  readonly isReplacing: boolean;
  /** For the choice of the parts. */
  readonly seed: number;
  /** Recordings that are left out since they are somewhere already; if left out, none. */
  readonly known?: KnownSounds | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
  /** For a source that is only a stage: nothing outside it is opened, and files are named by their place in it; it is called `name`. */
  readonly stage?: { readonly name: string };
  /** Told of every sound when it is in the folder that is being written. */
  readonly onTaken?: (sound: WrittenSound, folder: string) => Promise<void>;
  /** Writes what else belongs into the set's folder, before it is there. */
  readonly addFiles?: (folder: string, rows: readonly StoredRow[]) => Promise<void>;
}

/**
 * Imports `source` into the new folder `out`. Where not one recording could be taken, nothing is written, and the report says
 * so by `taken.recordings`.
 * @throws UnrollError file.missing, dataset.noFormat, dataset.twoFormats, dataset.inside, dataset.folderTaken and the like;
 * the signal's reason where it was aborted, and then nothing is left of it.
 */
export async function importData(sourcePath: string, out: string, options: ImportOptions): Promise<ImportReport> {
  checkApart(sourcePath, out);
  const source = await Source.open(sourcePath);
  const { importer, detection } =
    options.format === null ? await detectFormat(source) : { importer: IMPORTERS[options.format], detection: null };
  const leftOut = new LeftOutList();
  const candidates: Candidate[] = [];
  for await (const entry of importer.read(source)) {
    if (entry.kind === 'leftOut') leftOut.add(entry.reason, entry.example);
    else if (options.stage !== undefined && !isInside(entry.path, source.root))
      leftOut.add('missing-file', { ...entry.place, params: { audio: entry.path } });
    else if (isGoodText(entry, leftOut)) candidates.push(entry);
  }
  const draft = await DataFolderDraft.begin(out, options.isReplacing);
  try {
    const onTaken = (sound: WrittenSound): Promise<void> | undefined => options.onTaken?.(sound, draft.path);
    const taker = new SoundTaker(draft, leftOut, {
      isCopying: options.isCopying,
      known: options.known ?? null,
      onTaken,
    });
    const sounds = await takeSounds(candidates, taker, options);
    const evidence = detection === null ? null : { file: detection.file };
    const told = { path: options.stage?.name ?? source.path, format: importer.format, evidence };
    const groups =
      options.stage === undefined ? leftOut.groups() : groupsFrom(source.root, leftOut.groups(), options.stage.name);
    return { folder: resolve(out), ...(await finish(draft, sounds, { source: told, leftOut: groups, options })) };
  } finally {
    await draft.discard();
  }
}

function isGoodText({ transcript, place }: Candidate, leftOut: LeftOutList): boolean {
  const text = storedText(transcript);
  const strange = unmappableSymbol(text);
  if (text === '') leftOut.add('empty-transcript', { ...place, params: {} });
  else if (strange !== null)
    leftOut.add('unmappable-transcript', { ...place, params: { symbol: symbolName(strange) } });
  else return true;
  return false;
}

/** Values of a sentence: whatever lies under `root` is named by its place there, and `root` itself as `name`. */
export function namedFrom(root: string, params: ErrorParams, name: string): ErrorParams {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replaceAll(`${root}${sep}`, '').replaceAll(root, name) : value,
    ]),
  );
}

const groupsFrom = (root: string, groups: readonly LeftOutGroup[], name: string): LeftOutGroup[] =>
  groups.map((group) => ({
    ...group,
    examples: group.examples.map(({ file, line, params }) => ({
      file: String(namedFrom(root, { file }, name)['file']),
      line,
      params: namedFrom(root, params, name),
    })),
  }));

/** Sound by sound, so that no more than one is in memory; rows come back in the order of the candidates. */
async function takeSounds(
  candidates: readonly Candidate[],
  taker: SoundTaker,
  { signal, onProgress }: ImportOptions,
): Promise<TakenSound[]> {
  const bySound = new Map<string, { index: number; candidate: Candidate }[]>();
  candidates.forEach((candidate, index) => {
    const group = bySound.get(candidate.path);
    if (group === undefined) bySound.set(candidate.path, [{ index, candidate }]);
    else group.push({ index, candidate });
  });
  const taken: { index: number; sound: TakenSound }[] = [];
  let done = 0;
  for (const [path, group] of bySound) {
    signal?.throwIfAborted();
    await nextTurn();
    const sounds = await taker.take(
      path,
      group.map(({ candidate }) => candidate),
      signal,
    );
    sounds.forEach((sound, at) => {
      if (sound !== null) taken.push({ index: group[at]!.index, sound });
    });
    done += group.length;
    onProgress?.(done, candidates.length);
  }
  signal?.throwIfAborted();
  return taken.sort((a, b) => a.index - b.index).map(({ sound }) => sound);
}

async function finish(
  draft: DataFolderDraft,
  sounds: readonly TakenSound[],
  { source, leftOut, options }: { source: ImportReport['source']; leftOut: LeftOutGroup[]; options: ImportOptions },
): Promise<Omit<ImportReport, 'folder'>> {
  // By where the sound came from: a copy's own name tells nothing of what belongs together.
  const { parts, split } = partsOf(
    sounds.map(({ row, from }) => ({ path: from, speaker: row.speaker })),
    { ...USUAL_SHARES, seed: options.seed },
  );
  const rows = sounds.map(({ row, seconds }, index) => ({ ...row, seconds, part: parts[index]! }));
  const alphabet = alphabetFrom(rows, { vocabulary: null, aliases: {} });
  const sound = options.isCopying ? 'copied' : 'referred';
  const told = { source, sound, taken: amountOf(rows), leftOut, split } as const;
  if (rows.length > 0) {
    await draft.finish({ format: 'unroll-dataset', version: 1, alphabet, ...told }, rows, (folder) =>
      options.addFiles?.(folder, rows),
    );
  }
  const amounts = dataPartSchema.options.map((part) => ({
    part,
    ...amountOf(rows.filter((row) => row.part === part)),
  }));
  return { ...told, symbols: alphabet.symbols, parts: amounts };
}
