// A network in the parts that people look at: what lies below the layers, each layer, the head.
import type { LayerSpec, NetworkSpec } from '../../app/contract/network';
import { newParameters, type NewParameter } from './parameters';

export interface NetworkPart {
  /** Null for what lies below the layers (convolutions, or an embedding) and for the head. */
  readonly layer: LayerSpec | null;
  readonly parameters: readonly NewParameter[];
}

/** What stays as it is where so many layers, from the first on, are frozen: they and all that lies below them. */
export function frozenNames(spec: NetworkSpec, frozenLayers: number): ReadonlySet<string> {
  if (frozenLayers === 0) return new Set();
  const learning = ['head.', ...spec.layers.slice(frozenLayers).map((_, k) => `layer${frozenLayers + k}.`)];
  const names = newParameters(spec).map(({ name }) => name);
  return new Set(names.filter((name) => !learning.some((prefix) => name.startsWith(prefix))));
}

/** What lies below the layers, if it learns anything, then the layers from first to last, then the head. */
export function networkParts(spec: NetworkSpec): NetworkPart[] {
  const all = newParameters(spec);
  const below = all.filter(({ name }) => !/^(layer\d+|head)\./.test(name));
  const layers = spec.layers.map((layer, index) => ({
    layer,
    parameters: all.filter(({ name }) => name.startsWith(`layer${index}.`)),
  }));
  const head = { layer: null, parameters: all.filter(({ name }) => name.startsWith('head.')) };
  return [...(below.length > 0 ? [{ layer: null, parameters: below }] : []), ...layers, head];
}
