// A transcribed file as a recording's folder, written aside and handed over whole.
import { promises as fs } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { writeWav } from '../../app/audio/wav';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import type { Transcript } from '../../app/contract/recognition';
import { MANIFEST_VERSION } from '../../app/contract/recording';
import { AUDIO_FILE, writeRecordingManifest } from '../library/recordingFiles';

export interface FileRecording {
  readonly id: string;
  readonly fileName: string;
  readonly createdAt: Date;
  /** 16 kHz mono. */
  readonly pcm: Int16Array;
  readonly transcript: Transcript;
}

/** Writes sound and manifest into the new folder. */
export async function writeFileRecording(folder: string, recording: FileRecording): Promise<void> {
  const { id, fileName, createdAt, pcm, transcript } = recording;
  await fs.mkdir(folder, { recursive: true });
  const handle = await fs.open(join(folder, AUDIO_FILE), 'w', 0o600);
  try {
    await handle.writeFile(writeWav(pcm, RECORDING_SAMPLE_RATE_HZ));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await writeRecordingManifest(folder, {
    format: 'unroll-recording',
    version: MANIFEST_VERSION,
    id,
    title: titleOf(fileName),
    createdAt: createdAt.toISOString(),
    durationMs: (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ,
    sampleRateHz: RECORDING_SAMPLE_RATE_HZ,
    source: 'file',
    fileName,
    isRecovered: false,
    deletedAt: null,
    transcripts: [transcript],
    marks: [],
    tags: [],
    isFavourite: false,
  });
}

/** The name without its ending. */
const titleOf = (fileName: string): string => (basename(fileName, extname(fileName)) || fileName).slice(0, 200);
