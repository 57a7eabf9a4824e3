// A transcript that is written while it comes: what is given out never has to be taken back.
import { isSure, readingOf, type Word } from '../contract/recognition';
import type { LiveFormat } from '../contract/liveFile';
import { unreachable } from '../errors';
import { segmentsOf } from './document';
import { srtCue, vttCue, VTT_HEAD } from './subtitles';

/** A cue that lasts longer ends before its line does: subtitles stand for a few seconds. */
const LONGEST_CUE_MS = 6_000;

/** A line of settled words; only the last line may still get more. */
export interface SettledLine {
  readonly words: readonly Word[];
}

export class LiveTranscript {
  readonly #format: LiveFormat;
  /** The first word that was not given out yet. */
  #line = 0;
  #word = 0;
  #cues = 0;
  #hasText = false;

  constructor(format: LiveFormat) {
    this.#format = format;
  }

  /** What the file begins with. */
  get head(): string {
    return this.#format === 'vtt' ? VTT_HEAD : '';
  }

  /**
   * What has to be added to the file.
   * @param lines everything that has settled so far, from the beginning
   * @param isOver no more will come
   */
  take(lines: readonly SettledLine[], isOver: boolean): string {
    switch (this.#format) {
      case 'txt':
        return this.#takeWords(lines, isOver);
      case 'srt':
      case 'vtt':
        return this.#takeCues(lines, isOver);
      default:
        return unreachable(this.#format);
    }
  }

  #takeWords(lines: readonly SettledLine[], isOver: boolean): string {
    let text = '';
    for (; this.#line < lines.length; this.#line++, this.#word = 0) {
      const words = lines[this.#line]?.words ?? [];
      for (; this.#word < words.length; this.#word++) {
        const word = words[this.#word];
        if (!word || !isSure(word)) continue;
        const isFirst = !words.slice(0, this.#word).some(isSure);
        if (this.#hasText) text += isFirst ? '\n' : ' ';
        text += readingOf(word);
        this.#hasText = true;
      }
      if (this.#line === lines.length - 1) break;
    }
    return isOver && this.#hasText ? `${text}\n` : text;
  }

  #takeCues(lines: readonly SettledLine[], isOver: boolean): string {
    let text = '';
    for (; this.#line < lines.length; this.#line++, this.#word = 0) {
      const words = lines[this.#line]?.words ?? [];
      const isComplete = isOver || this.#line < lines.length - 1;
      for (let at = this.#word + 1; at <= words.length; at++) {
        const isLong = (words[at]?.endMs ?? 0) - (words[this.#word]?.startMs ?? 0) > LONGEST_CUE_MS;
        if (isLong || (isComplete && at === words.length)) {
          text += this.#cue(words.slice(this.#word, at));
          this.#word = at;
        }
      }
      if (!isComplete) break;
    }
    return text;
  }

  #cue(words: readonly Word[]): string {
    const [first, last] = [words[0], words[words.length - 1]];
    if (!first || !last) return '';
    const [segment] = segmentsOf([{ startMs: first.startMs, endMs: last.endMs, words: [...words] }]);
    if (!segment) return '';
    this.#cues++;
    return this.#format === 'srt' ? srtCue(segment, this.#cues) : vttCue(segment);
  }
}
