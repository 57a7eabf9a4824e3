// Questions to a network that has been seen through: why this symbol, how far back, what an experiment changed.
import type { RequestOf, ReplyOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import type { Inspection } from './inspection';
import { readingsOf } from './layerReading';
import { reachOf } from './reach';
import { refused } from './refused';
import { saliencyOf } from './saliency';
import { toLogMel } from './throughFrontEnd';

const PIECE_STEPS = 500;

type Question<M extends 'inspection.saliency' | 'inspection.reach'> = Omit<RequestOf<M>, 'handle'>;

/** @throws UnrollError message.refused where there is no such step or class, or the network was changed */
export async function askSaliency(
  inspection: Inspection,
  question: Question<'inspection.saliency'>,
): Promise<ReplyOf<'inspection.saliency'>> {
  const { frames, symbols } = inspection.description;
  checkStep(inspection, question.step);
  if (question.classIndex > symbols.length) throw refused(`The network has ${symbols.length + 1} classes.`);
  checkUnchanged(inspection);
  const features = await inspection.heard((network) => saliencyOf(network, question));
  const logMel = toLogMel(features, inspection.model.manifest.frontEnd, frames);
  // Bands reach further by the slopes' own span: both are told of the same frames.
  if (logMel === null) return { firstFrame: features.first, frames: features.count, ...valuesOf(features.values) };
  const wider = new Float32Array(logMel.count * features.width);
  wider.set(features.values, (features.first - logMel.first) * features.width);
  return { firstFrame: logMel.first, frames: logMel.count, features: wider, logMel: logMel.values };
}
const valuesOf = (features: Float32Array) => ({ features, logMel: new Float32Array(0) });

/** @throws UnrollError message.refused where there is no such step or reading, or the network was changed */
export async function askReach(
  inspection: Inspection,
  { layer, direction, step, lags }: Question<'inspection.reach'>,
): Promise<ReplyOf<'inspection.reach'>> {
  checkStep(inspection, step);
  checkUnchanged(inspection);
  const { network } = inspection.model.manifest;
  const place = readingsOf(network).find((each) => each.index === layer && each.direction === direction);
  if (place === undefined) throw refused(`The network has no layer ${layer} that reads ${direction}.`);
  return inspection.heard((heard) => reachOf(heard, { place, step, lags }));
}

function checkStep({ description: { steps } }: Inspection, step: number): void {
  if (step >= steps) throw refused(`The sound has ${steps} steps.`);
}
/** What was held has no gradient. */
function checkUnchanged({ interventions }: Inspection): void {
  if (interventions.length > 0) throw refused('An experiment has no gradients: ask the network as it is.');
}

/**
 * Half the sum of |p − q| of the posteriors at every step.
 * @throws UnrollError inspection.otherSound where the two have other steps or classes
 */
export async function differenceOf(one: Inspection, other: Inspection): Promise<Float32Array> {
  const [p, q] = await Promise.all([one, other].map((each) => each.rows({ kind: 'posteriors' })));
  if (p!.rows !== q!.rows || p!.width !== q!.width) throw new UnrollError('inspection.otherSound');
  const { rows, width } = p!;
  const differences = new Float32Array(rows);
  for (let first = 0; first < rows; first += PIECE_STEPS) {
    const [a, b] = await Promise.all([p, q].map((each) => each!.read(first, PIECE_STEPS)));
    for (let k = 0; k < a!.length; k++) differences[first + Math.floor(k / width)]! += Math.abs(a![k]! - b![k]!) / 2;
  }
  return differences.map((value) => Math.min(1, value));
}
