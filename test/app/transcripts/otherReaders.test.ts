// What we write, others read: FFmpeg the subtitles, parsers of Python the TextGrid, where this computer has them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Word } from '../../../app/contract/recognition';
import { segmentsOf, type TranscriptDocument } from '../../../app/transcripts/document';
import { readTranscript, writeTranscript, type FormatName } from '../../../app/transcripts/formats';

const ffmpeg = process.env['UNROLL_FFMPEG'] ?? 'ffmpeg';
const python = process.env['UNROLL_PYTHON'] ?? 'python3';
const hasFfmpeg = spawnSync(ffmpeg, ['-version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'unroll-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const word = (text: string, startMs: number, correction?: string): Word => ({
  ...{ text, startMs, endMs: startMs + 400, confidence: 0.9, isKnown: true, characters: [] },
  ...(correction === undefined ? {} : { correction }),
});
const lineOf = (words: readonly Word[]) => ({
  startMs: words[0]?.startMs ?? 0,
  endMs: (words.at(-1)?.endMs ?? 0) + 50,
  words: [...words],
});
/** Corrected words, Chinese, quotes, signs that formats have a meaning for, a very long line, a time past an hour. */
const DOCUMENT: TranscriptDocument = {
  title: 'read by others',
  durationMs: 3_700_000,
  segments: segmentsOf([
    lineOf([word('seven', 120, 'heaven'), word('"quoted"', 600), word("it's", 1_100)]),
    lineOf([word('你好，', 2_000), word('世界。', 2_500)]),
    lineOf([word('a', 4_000), word('&', 4_500), word('<3', 5_000), word('C:\\temp', 5_500), word('1', 6_000)]),
    lineOf(Array.from({ length: 400 }, (_, at) => word(`word${at}`, 10_000 + at * 500))),
    lineOf([word('late', 3_650_000)]),
  ]),
};
const TEXTS = DOCUMENT.segments.map(({ text }) => text);

function writtenTo(format: FormatName, extension: string): string {
  const path = join(folder, `read.${extension}`);
  writeFileSync(path, writeTranscript(DOCUMENT, format));
  return path;
}

it.each([
  ['srt', 'srt'],
  ['vtt', 'vtt'],
  ['textgrid', 'TextGrid'],
] as const)('we read our own %s of such a text', (format, extension) => {
  const { segments } = readTranscript(writeTranscript(DOCUMENT, format), `own.${extension}`);
  expect(segments.map(({ text }) => text)).toEqual(TEXTS);
});

/** What FFmpeg makes of subtitles when it writes them anew, in a format that we read. */
function throughFfmpeg(path: string, to: 'srt' | 'webvtt'): TranscriptDocument {
  const parameters = ['-v', 'error', '-i', path, '-f', to, '-'];
  const { status, stdout, stderr } = spawnSync(ffmpeg, parameters, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readTranscript(stdout, to === 'srt' ? 'again.srt' : 'again.vtt');
}

/** No dependency brings FFmpeg: where this computer has none there is nothing to ask. */
function askFfmpeg(): void {
  it.each([
    ['srt', 'srt'],
    ['srt', 'webvtt'],
    ['vtt', 'srt'],
    ['vtt', 'webvtt'],
  ] as const)('reads our %s and writes the same texts at the same times as %s', (from, to) => {
    const { segments } = throughFfmpeg(writtenTo(from, from), to);
    expect(segments.map(({ startMs, endMs }) => [startMs, endMs])).toEqual(
      DOCUMENT.segments.map(({ startMs, endMs }) => [startMs, endMs]),
    );
    // From WebVTT it guards a backslash, which means something inside FFmpeg, by a sign without width.
    expect(segments.map(({ text }) => text.replaceAll('\\\u2060', '\\'))).toEqual(TEXTS);
  });
}
if (hasFfmpeg) describe('FFmpeg', askFfmpeg);

type Tiers = Record<string, [number, number, string][]>;

/** By the name and version of each parser that Python has. */
function tiersHere(path: string): Record<string, Tiers> {
  if (spawnSync(python, ['-c', '']).status !== 0) return {};
  const script = join(import.meta.dirname, 'readers.py');
  return JSON.parse(execFileSync(python, [script, path], { encoding: 'utf8', stdio: 'pipe' })) as Record<string, Tiers>;
}

const parsers = Object.entries(tiersHere(writtenTo('textgrid', 'TextGrid')));
function askParsers(): void {
  it('find every line and every word at its time, as many parsers as Python has here', () => {
    const seconds = (ms: number): number => Number((ms / 1000).toFixed(3));
    for (const [parser, tiers] of parsers) {
      const lines = DOCUMENT.segments.map(({ startMs, endMs, text }) => [seconds(startMs), seconds(endMs), text]);
      expect(tiers['segments'], parser).toEqual(lines);
      const words = DOCUMENT.segments.flatMap((segment) =>
        segment.words.map(({ startMs, endMs, text }) => [seconds(startMs), seconds(endMs), text]),
      );
      expect(tiers['words'], parser).toEqual(words);
    }
  });
}
if (parsers.length > 0) describe('parsers of TextGrid', askParsers);
