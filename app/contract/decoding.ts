// How the symbols of a model are searched for text: weights that fit it, stored with it in model.json.
import { z } from 'zod';
// Before the first schema here: it tells zod to make no code from strings, which the window's policy forbids.
import './schema';

/** What a score must be turned by, so that words of a confidence of 0.8 are right eight times of ten. */
export const calibrationSchema = z.strictObject({
  /** p = σ(logit(score) / temperature + bias). */
  temperature: z.number().min(0.01).max(100),
  bias: z.number().min(-20).max(20),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const fusionSchema = z.strictObject({
  /** Weight of ln p(words) beside ln p(symbols). */
  alpha: z.number().min(0).max(10),
  /** Nats for each word, or for each character of a model of characters. */
  beta: z.number().min(-20).max(20),
  /** Prefixes kept after each frame. */
  beamWidth: z.number().int().min(1).max(2000),
  /** Nats that a word costs which the language model does not list. */
  unknownCost: z.number().min(0).max(1000),
});
export type Fusion = z.infer<typeof fusionSchema>;
export const DEFAULT_FUSION: Fusion = { alpha: 0.5, beta: 0.5, beamWidth: 100, unknownCost: 4 };

export const decodingSchema = z.strictObject({
  fusion: fusionSchema.optional(),
  calibration: calibrationSchema.optional(),
});
export type Decoding = z.infer<typeof decodingSchema>;

/** When a line of text ends. All in milliseconds of sound, not of waiting. */
export const endpointsSchema = z.strictObject({
  /** Quiet from a line's start on, where nothing was said. */
  silenceAfterNothingMs: z.number().min(500).max(30_000),
  /** Quiet after words. */
  silenceAfterWordsMs: z.number().min(300).max(10_000),
  /** A line that is longer ends at its next word, or its next short pause. */
  maxUtteranceMs: z.number().min(2_000).max(600_000),
});
export type Endpoints = z.infer<typeof endpointsSchema>;
export const DEFAULT_ENDPOINTS: Endpoints = {
  silenceAfterNothingMs: 2_400,
  silenceAfterWordsMs: 1_200,
  maxUtteranceMs: 20_000,
};

export const MAX_HOT_WORDS = 100;
/** Nats: no phrase can gain more, and so much one gains of which nobody says how much. */
export const HOT_WORD_BOOST = { max: 10, usual: 3 } as const;
/** Readings of a line that are kept where a language or words of the person's are searched with. */
export const KEPT_READINGS = 5;
export const MAX_PHRASES = 1_000;
export const MAX_PHRASE_LENGTH = 100;
/** How a person wants text to be searched. */
export const decodingChoiceSchema = z.strictObject({
  /** Whether the language model that comes with a recogniser is used, where there is one. */
  usesLanguage: z.boolean(),
  /** Words and phrases that are boosted where they are heard. */
  hotWords: z.array(z.string().min(1).max(MAX_PHRASE_LENGTH)).max(MAX_HOT_WORDS),
  /** What each of them gains; the usual boost if left out. */
  hotWordBoost: z.number().min(0).max(HOT_WORD_BOOST.max).optional(),
  /** In the place of the model's own weights. */
  fusion: fusionSchema.omit({ unknownCost: true }).optional(),
  /** In the place of the language model: what may be said, and a way out for all else. None: anything. */
  phrases: z.array(z.string().min(1).max(MAX_PHRASE_LENGTH)).max(MAX_PHRASES).optional(),
  /** DEFAULT_ENDPOINTS if left out. */
  endpoints: endpointsSchema.optional(),
});
export type DecodingChoice = z.infer<typeof decodingChoiceSchema>;
export const DEFAULT_CHOICE: DecodingChoice = { usesLanguage: true, hotWords: [] };

/** A whole utterance as it could also be read. */
export const readingSchema = z.strictObject({
  text: z.string().max(20_000),
  /** ln of its probability with what the language adds. */
  score: z.number(),
});
export type Reading = z.infer<typeof readingSchema>;
