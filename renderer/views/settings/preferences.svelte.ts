// What a person chose, kept in localStorage. Versioned; what is damaged falls back to its default, value by value.
import { z } from 'zod';
import { mapRangesSchema } from '../../charts/mapRanges';
import { TRACK_HEIGHTS } from '../../charts/trackHeights';
import {
  DEFAULT_ENDPOINTS,
  endpointsSchema,
  fusionSchema,
  HOT_WORD_BOOST,
  MAX_HOT_WORDS,
  MAX_PHRASE_LENGTH,
  MAX_PHRASES,
  type DecodingChoice,
} from '../../../app/contract/decoding';
import type { MicrophoneChoice } from '../../capture/microphone';
import { locale, systemLanguage } from '../../i18n/messages.svelte';
import { theme } from '../../styles/theme.svelte';
import '../../../app/contract/schema';

const STORAGE_KEY = 'unroll.preferences';
export const TEXT_SIZES = { min: 90, max: 150, step: 10 } as const;
/** Of captions, in pixels at the usual text size. */
export const CAPTION_SIZES = { min: 24, max: 120, step: 8, usual: 56 } as const;

const schema = z.object({
  version: z.literal(1),
  language: z.enum(['en', 'zh']).catch(() => systemLanguage()),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** Per cent of the root's font size. */
  textSize: z.number().int().min(TEXT_SIZES.min).max(TEXT_SIZES.max).catch(100),
  captionSize: z.number().int().min(CAPTION_SIZES.min).max(CAPTION_SIZES.max).catch(CAPTION_SIZES.usual),
  hasCaptionContrast: z.boolean().catch(false),
  rows: z.enum(['standard', 'compact']).catch('standard'),
  hasConfidenceMarks: z.boolean().catch(true),
  /** deviceId of the microphone; null for the system's own choice. */
  microphoneId: z.string().max(200).nullable().catch(null),
  /** What the system may do to the microphone's sound: nothing, unless the person says so. */
  echoCancellation: z.boolean().catch(false),
  noiseSuppression: z.boolean().catch(false),
  autoGainControl: z.boolean().catch(false),
  /** How the figures of views stand, by their own names. */
  tracks: z
    .record(
      z.string(),
      z.object({ isFolded: z.boolean(), height: z.number().min(TRACK_HEIGHTS.min).max(TRACK_HEIGHTS.max) }),
    )
    .catch({}),
  /** In which order they stand, by view. */
  trackOrder: z.record(z.string(), z.array(z.string().max(64)).max(32)).catch({}),
  /** At which values the colours of maps begin and end, by view. */
  mapRanges: z.record(z.string(), mapRangesSchema).catch({}),
  /** Whether a model's own language model is used. */
  usesLanguage: z.boolean().catch(true),
  /** Whether the model for files reads each line once more when it has ended. */
  readsLinesAgain: z.boolean().catch(true),
  /** Whether "two zero five" is shown as 205. */
  writesFigures: z.boolean().catch(false),
  /** Words and phrases that are boosted, one on each line. */
  hotWords: z.string().max(10_000).catch(''),
  /** Nats that each of them gains. */
  hotWordBoost: z.number().min(0).max(HOT_WORD_BOOST.max).catch(HOT_WORD_BOOST.usual),
  /** The search's weights in the place of the model's own; null: those. */
  fusion: fusionSchema.omit({ unknownCost: true }).nullable().catch(null),
  /** Phrases that alone may be said, one on each line; none: anything. */
  phrases: z.string().max(100_000).catch(''),
  endpoints: endpointsSchema.catch(() => ({ ...DEFAULT_ENDPOINTS })),
  /** Keys that the person gave to commands, by shortcuts.ts's names. */
  keys: z.record(z.string().max(64), z.array(z.string().max(32)).max(4)).catch({}),
  /** Models that read typed texts; null until the person chooses. */
  typedModels: z.array(z.string().max(64)).max(100).nullable().catch(null),
  /** Models that read transcripts. */
  spokenModels: z.array(z.string().max(64)).max(100).catch([]),
  /** Model for live recording; null for the bundled one. */
  modelId: z.string().max(64).nullable().catch(null),
  /** Model for files; null for one that hears both directions. */
  fileModelId: z.string().max(64).nullable().catch(null),
});
export type PreferenceValues = Omit<z.infer<typeof schema>, 'version'>;

const defaults = (): z.infer<typeof schema> => schema.parse({ version: 1 });

/** The microphone as the person wants it. */
export function chosenMicrophone(values: PreferenceValues): MicrophoneChoice {
  const { microphoneId: deviceId, echoCancellation, noiseSuppression, autoGainControl } = values;
  return { deviceId, processing: { echoCancellation, noiseSuppression, autoGainControl } };
}

/** How the person wants text to be searched. */
export function chosenDecoding({
  usesLanguage,
  hotWords,
  hotWordBoost,
  fusion,
  phrases,
  endpoints,
}: PreferenceValues): DecodingChoice {
  return {
    hotWordBoost,
    ...(fusion === null ? {} : { fusion: { ...fusion } }),
    usesLanguage,
    hotWords: linesOf(hotWords, MAX_HOT_WORDS),
    phrases: linesOf(phrases, MAX_PHRASES),
    endpoints: { ...endpoints },
  };
}

/** Lines that hold something, as many as may be sent. */
const linesOf = (text: string, most: number): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().slice(0, MAX_PHRASE_LENGTH))
    .filter((line) => line !== '')
    .slice(0, most);

export class Preferences {
  #values = $state<PreferenceValues>(defaults());
  readonly #storage: Storage;

  private constructor(storage: Storage, values: PreferenceValues) {
    this.#storage = storage;
    this.#values = values;
    this.#wear();
  }

  static load(storage: Storage): Preferences {
    return new Preferences(storage, parse(storage.getItem(STORAGE_KEY)));
  }

  get values(): Readonly<PreferenceValues> {
    return this.#values;
  }

  /** Changes some values, wears them at once and keeps them. */
  set(change: Partial<PreferenceValues>): void {
    this.#values = { ...this.#values, ...change };
    this.#storage.setItem(STORAGE_KEY, JSON.stringify({ version: 1, ...this.#values }));
    this.#wear();
  }

  /** Wears what another window of the app chooses, until the returned function is called. */
  follow(): () => void {
    const heard = ({ key, newValue, storageArea }: StorageEvent): void => {
      if (storageArea !== this.#storage || key !== STORAGE_KEY) return;
      this.#values = parse(newValue);
      this.#wear();
    };
    window.addEventListener('storage', heard);
    return () => window.removeEventListener('storage', heard);
  }

  #wear(): void {
    const root = document.documentElement;
    locale.set(this.#values.language);
    theme.set(this.#values.theme);
    root.dataset['density'] = this.#values.rows;
    root.style.fontSize = `${this.#values.textSize}%`;
  }
}

function parse(text: string | null): PreferenceValues {
  if (text === null) return defaults();
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : defaults();
  } catch (error) {
    if (error instanceof SyntaxError) return defaults();
    throw error;
  }
}
