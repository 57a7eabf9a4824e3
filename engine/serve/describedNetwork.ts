// What the window asks before a training: how large would this network be?
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import { alphabetFrom } from '../data/dataset';
import { describeNetwork } from '../network/describe';
import { networkSpecFor } from '../training/networkSpec';

/** The network that training would make of this beginning of a configuration. */
export function describedNetwork({
  frontEnd,
  vocabulary,
  layers,
}: RequestOf<'network.describe'>): ReplyOf<'network.describe'> {
  const alphabet = alphabetFrom([], { vocabulary, aliases: {} });
  const network = { convolutions: [], layers, dropout: 0 };
  const described = describeNetwork(networkSpecFor({ network }, frontEnd, alphabet));
  return { parameters: described.parameters, parts: described.layers.map(({ parameters }) => parameters) };
}
