// The network that a training configuration asks for.
import type { Alphabet } from '../../app/contract/model';
import type { HeadSpec, NetworkSpec } from '../../app/contract/network';
import { featureDimension, type FrontEndSettings } from '../../app/features/settings';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import type { TrainInput } from './train';

/** Its inputs are the front end's values per frame, its classes the alphabet's symbols and the blank. */
export const networkSpecFor = (
  config: Pick<TrainingConfig, 'network'>,
  frontEnd: FrontEndSettings,
  alphabet: Alphabet,
): NetworkSpec =>
  soundNetwork(config, frontEnd, {
    kind: 'ctc',
    classes: alphabet.symbols.length + 1,
    ...(config.network.voteSteps !== undefined && { voteSteps: config.network.voteSteps }),
  });

/** A network that hears sound, under any head. */
export const soundNetwork = (
  { network }: Pick<TrainingConfig, 'network'>,
  frontEnd: FrontEndSettings,
  head: HeadSpec,
): NetworkSpec => ({
  inputSize: featureDimension(frontEnd),
  ...(network.convolutions.length > 0 && {
    front: { bands: frontEnd.coefficients, convolutions: network.convolutions },
  }),
  ...(network.stack && { stack: network.stack }),
  layers: network.layers,
  dropout: network.dropout,
  head,
});

/** What a recogniser of speech is taught: the alphabet's symbols by CTC. */
export const speechTarget = (
  config: Pick<TrainingConfig, 'network'>,
  frontEnd: FrontEndSettings,
  alphabet: Alphabet,
): Pick<TrainInput, 'spec' | 'labels' | 'classWeights' | 'circumstances'> => ({
  spec: networkSpecFor(config, frontEnd, alphabet),
  labels: alphabet.symbols,
  classWeights: null,
  circumstances: [frontEnd, alphabet],
});
