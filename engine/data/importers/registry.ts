// All importers by their format, and which of them a source is for.
import type { ImportFormat } from '../../../app/contract/dataset';
import { UnrollError } from '../../../app/errors';
import { commonVoiceImporter } from './commonVoice';
import { deepspeechImporter } from './deepspeech';
import { fsddImporter } from './fsdd';
import type { Detection, Importer } from './importer';
import { kaldiImporter } from './kaldi';
import { librispeechImporter } from './librispeech';
import { ljspeechImporter } from './ljspeech';
import { manifestImporter } from './manifest';
import { pairedTextImporter } from './pairedText';
import type { Source } from './source';
import { wordFoldersImporter } from './wordFolders';

export const IMPORTERS: Readonly<Record<ImportFormat, Importer>> = {
  manifest: manifestImporter,
  deepspeech: deepspeechImporter,
  'common-voice': commonVoiceImporter,
  librispeech: librispeechImporter,
  ljspeech: ljspeechImporter,
  kaldi: kaldiImporter,
  'paired-text': pairedTextImporter,
  'word-folders': wordFoldersImporter,
  fsdd: fsddImporter,
};

export interface Chosen {
  readonly importer: Importer;
  readonly detection: Detection;
}

/**
 * The importer that fits best: one that is certain before one that is likely.
 * @throws UnrollError dataset.noFormat where none fits; dataset.twoFormats, naming them, where several fit equally
 */
export async function detectFormat(source: Source): Promise<Chosen> {
  const fitting: Chosen[] = [];
  for (const importer of Object.values(IMPORTERS)) {
    const detection = await importer.detect(source);
    if (detection !== null) fitting.push({ importer, detection });
  }
  const certain = fitting.filter(({ detection }) => detection.certainty === 'certain');
  const best = certain.length > 0 ? certain : fitting;
  const [first] = best;
  const formats = best.map(({ importer }) => importer.format).join(', ');
  if (first === undefined)
    throw new UnrollError('dataset.noFormat', { file: source.path, formats: Object.keys(IMPORTERS).join(', ') });
  if (best.length > 1) throw new UnrollError('dataset.twoFormats', { file: source.path, formats });
  return first;
}
