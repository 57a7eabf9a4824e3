// Confidences that mean what they say: a word's score is turned so that words of 0.8 are right eight times of ten.
//
// Platt 1999 with the temperature of Guo, Pleiss, Sun & Weinberger, "On Calibration of Modern Neural Networks", 2017: p =
// σ(logit(score) / temperature + bias), fitted by least cross entropy. Expected calibration error: their equation 3.
import type { Calibration } from '../../app/contract/decoding';
import { isSure, readingOf, type Utterance } from '../../app/contract/recognition';
import { calibrated, logit } from '../ctc/confidence';
import { edits } from '../metrics/levenshtein';
import { splitWords } from '../metrics/errorRates';

/** A word that was read. */
export interface ScoredWord {
  /** 0 to 1. */
  readonly score: number;
  readonly isRight: boolean;
  readonly speaker: string | null;
}

/** The words of a transcript, each with whether the reference has it in its place. */
export function scoredWords(utterances: readonly Utterance[], reference: string, speaker: string | null): ScoredWord[] {
  const words = utterances.flatMap((utterance) => utterance.words).filter(isSure);
  const { steps } = edits(splitWords(reference), words.map(readingOf));
  const isRight = steps.filter(({ kind }) => kind !== 'deletion').map(({ kind }) => kind === 'match');
  return words.map(({ confidence }, index) => ({ score: confidence, isRight: isRight[index] ?? false, speaker }));
}

type Labelled = Pick<ScoredWord, 'score' | 'isRight'>;
const STEPS = 50;
const HALVINGS = 30;
/** Of the squares of weight and bias: words that are all right would otherwise drive them without end. */
const SHRINKAGE = 1e-2;

/** Newton's method on the cross entropy of weight (1 / temperature) and bias, which has one minimum; no step goes uphill. */
export function fitCalibration(words: readonly Labelled[]): Calibration {
  let at = { weight: 1, bias: 0 };
  for (let step = 0; step < STEPS; step++) {
    const direction = newtonStep(words, at);
    const before = crossEntropy(words, at);
    let next = at;
    for (let halving = 0, share = 1; halving < HALVINGS; halving++, share /= 2) {
      next = { weight: at.weight - share * direction.weight, bias: at.bias - share * direction.bias };
      if (crossEntropy(words, next) < before) break;
    }
    if (!(crossEntropy(words, next) < before)) break;
    at = next;
  }
  // A score that says the opposite of what it should is of no use: all words get their share then.
  const temperature = Math.max(0.01, 1 / Math.max(0.01, at.weight));
  return { temperature, bias: Math.min(20, Math.max(-20, at.bias)) };
}

interface Line {
  readonly weight: number;
  readonly bias: number;
}

function crossEntropy(words: readonly Labelled[], { weight, bias }: Line): number {
  const shrunk = (SHRINKAGE / 2) * ((weight - 1) ** 2 + bias ** 2);
  return words.reduce((sum, { score, isRight }) => {
    const z = weight * logit(score) + bias;
    // ln(1 + exp(±z)), safe against overflow.
    const towards = isRight ? -z : z;
    return sum + Math.max(0, towards) + Math.log1p(Math.exp(-Math.abs(towards)));
  }, shrunk);
}

function newtonStep(words: readonly Labelled[], { weight, bias }: Line): Line {
  let [gw, gb, hww, hwb, hbb] = [SHRINKAGE * (weight - 1), SHRINKAGE * bias, SHRINKAGE, 0, SHRINKAGE];
  for (const { score, isRight } of words) {
    const x = logit(score);
    const p = 1 / (1 + Math.exp(-(weight * x + bias)));
    const error = p - (isRight ? 1 : 0);
    const curvature = p * (1 - p);
    gw += error * x;
    gb += error;
    hww += curvature * x * x;
    hwb += curvature * x;
    hbb += curvature;
  }
  const determinant = hww * hbb - hwb * hwb;
  return { weight: (hbb * gw - hwb * gb) / determinant, bias: (hww * gb - hwb * gw) / determinant };
}

export interface ReliabilityBin {
  readonly words: number;
  readonly meanConfidence: number;
  readonly shareRight: number;
}
export interface Reliability {
  /** Σ words / all · |mean confidence − share right|. */
  readonly expectedCalibrationError: number;
  readonly bins: readonly ReliabilityBin[];
}

const BINS = 10;

/** Bins of equal width; empty ones are left out. */
export function reliability(words: readonly Labelled[], calibration: Calibration): Reliability {
  const sums = Array.from({ length: BINS }, () => ({ words: 0, confidence: 0, right: 0 }));
  for (const { score, isRight } of words) {
    const p = calibrated(score, calibration);
    const bin = sums[Math.min(BINS - 1, Math.floor(p * BINS))]!;
    bin.words += 1;
    bin.confidence += p;
    bin.right += isRight ? 1 : 0;
  }
  const bins = sums
    .filter((bin) => bin.words > 0)
    .map(({ words: count, confidence, right }) => ({
      words: count,
      meanConfidence: confidence / count,
      shareRight: right / count,
    }));
  const expectedCalibrationError = bins.reduce(
    (sum, bin) => sum + (bin.words / words.length) * Math.abs(bin.meanConfidence - bin.shareRight),
    0,
  );
  return { expectedCalibrationError, bins };
}

export interface CalibrationFold {
  readonly fittedOn: readonly string[];
  readonly measuredOn: readonly string[];
  readonly words: number;
  readonly before: Reliability;
  readonly after: Reliability;
}

/** Fitted on one half of the speakers and measured on the other, and the reverse. */
export function calibrationFolds(words: readonly ScoredWord[]): CalibrationFold[] {
  const speakers = [...new Set(words.map(({ speaker }) => speaker ?? ''))].sort();
  const halves = [speakers.filter((_, index) => index % 2 === 0), speakers.filter((_, index) => index % 2 === 1)];
  const of = (half: readonly string[]): ScoredWord[] => words.filter(({ speaker }) => half.includes(speaker ?? ''));
  return halves.map((fittedOn, index) => {
    const measuredOn = halves[1 - index]!;
    const measured = of(measuredOn);
    const calibration = fitCalibration(of(fittedOn));
    return {
      fittedOn,
      measuredOn,
      words: measured.length,
      before: reliability(measured, { temperature: 1, bias: 0 }),
      after: reliability(measured, calibration),
    };
  });
}
