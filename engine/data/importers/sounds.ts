// Finds sound by its name without ending: a text belongs to whatever sound is called as it is.
import { withoutEnding, type Source } from './source';

/** Sound files by their path without ending; of several that differ in their ending alone, the first. */
export function soundsByStem(source: Source): ReadonlyMap<string, string> {
  const sounds = new Map<string, string>();
  for (const file of source.audioFiles) {
    const stem = withoutEnding(file);
    if (!sounds.has(stem)) sounds.set(stem, file);
  }
  return sounds;
}
