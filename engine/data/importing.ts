// From other people's data sets to the product's own: every sound is read once, so that what is in the set can be used.
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { dataPartSchema, type ImportFormat, type ImportReport } from '../../app/contract/dataset';
import { amountOf } from './amount';
import { checkApart, DataFolderDraft } from './dataFolder';
import { alphabetFrom } from './dataset';
import type { Candidate } from './importers/importer';
import { detectFormat, IMPORTERS } from './importers/registry';
import { Source } from './importers/source';
import { LeftOutList } from './leftOutList';
import { partsOf } from './parts';
import { SoundTaker, type TakenSound } from './soundTaker';
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
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
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
    else if (isGoodText(entry, leftOut)) candidates.push(entry);
  }
  const draft = await DataFolderDraft.begin(out, options.isReplacing);
  try {
    const sounds = await takeSounds(candidates, new SoundTaker(draft, leftOut, options.isCopying), options);
    const evidence = detection === null ? null : { file: detection.file };
    const told = { path: source.path, format: importer.format, evidence };
    return { folder: resolve(out), ...(await finish(draft, sounds, { source: told, leftOut, options })) };
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
  return taken.sort((a, b) => a.index - b.index).map(({ sound }) => sound);
}

async function finish(
  draft: DataFolderDraft,
  sounds: readonly TakenSound[],
  { source, leftOut, options }: { source: ImportReport['source']; leftOut: LeftOutList; options: ImportOptions },
): Promise<Omit<ImportReport, 'folder'>> {
  // By where the sound came from: a copy's own name tells nothing of what belongs together.
  const { parts, split } = partsOf(
    sounds.map(({ row, from }) => ({ path: from, speaker: row.speaker })),
    { ...USUAL_SHARES, seed: options.seed },
  );
  const rows = sounds.map(({ row, seconds }, index) => ({ ...row, seconds, part: parts[index]! }));
  const alphabet = alphabetFrom(rows, { vocabulary: null, aliases: {} });
  const sound = options.isCopying ? 'copied' : 'referred';
  const told = { source, sound, taken: amountOf(rows), leftOut: leftOut.groups(), split } as const;
  if (rows.length > 0) {
    await draft.finish({ format: 'unroll-dataset', version: 1, alphabet, ...told }, rows);
  }
  const amounts = dataPartSchema.options.map((part) => ({
    part,
    ...amountOf(rows.filter((row) => row.part === part)),
  }));
  return { ...told, symbols: alphabet.symbols, parts: amounts };
}
