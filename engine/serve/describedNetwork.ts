// What the window asks before a training: how large would this network be, and what is a model made of?
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { RecogniserManifest } from '../../app/contract/model';
import { alphabetFrom } from '../data/dataset';
import { describeNetwork } from '../network/describe';
import { networkSpecFor } from '../training/networkSpec';

/** The network that training would make of this beginning of a configuration. */
export function describedNetwork({
  frontEnd,
  vocabulary,
  symbols,
  convolutions = [],
  stack,
  layers,
}: RequestOf<'network.describe'>): ReplyOf<'network.describe'> {
  const fromWords = alphabetFrom([], { vocabulary, aliases: {} });
  const alphabet = symbols ? { ...fromWords, symbols } : fromWords;
  const network = { convolutions, ...(stack && { stack }), layers, dropout: 0 };
  const described = describeNetwork(networkSpecFor({ network }, frontEnd, alphabet));
  // A stack learns nothing, and has no part.
  const parts = described.layers.filter(({ name }) => name !== 'stack').map(({ parameters }) => parameters);
  return { parameters: described.parameters, parts };
}

export const describedModel = ({
  frontEnd,
  alphabet,
  network,
  card,
}: RecogniserManifest): ReplyOf<'models.describe'> => ({ frontEnd, alphabet, network, card });
