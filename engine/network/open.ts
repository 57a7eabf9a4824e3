// One network, whatever the machine can do: dispatches to the rung's implementation.
import { answersEveryFrame, type NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { unreachable } from '../../app/errors';
import { USUAL_TRAINING, type TrainingRule } from '../training/trainingRule';
import { openCompiledProgram } from './compiled';
import { openEmbeddedStream } from './embeddedStream';
import { openNativeStream } from './nativeStream';
import type { ParameterSet } from './parameters';
import { openPortableProgram } from './portable';
import { openPortableStream } from './portableStream';
import type { NetworkProgram, NetworkStream } from './program';
import { openStackedStream } from './stackedStream';

/** Opens a network to train and to recognise whole sequences. @param rule matters to training alone. */
export async function openProgram(
  spec: NetworkSpec,
  parameters: ParameterSet,
  rung: Rung,
  rule: TrainingRule = USUAL_TRAINING,
): Promise<NetworkProgram> {
  switch (rung) {
    case 'compiled':
      return openCompiledProgram(spec, parameters, rule);
    case 'native':
    case 'wasm':
      return openPortableProgram(spec, parameters, rung, rule);
    default:
      return unreachable(rung);
  }
}

/**
 * Opens a network of forward layers to hear one sequence frame by frame.
 * @throws Error where a layer reads backward or the head does not answer at every frame.
 */
export async function openStream(spec: NetworkSpec, parameters: ParameterSet, rung: Rung): Promise<NetworkStream> {
  if (!answersEveryFrame(spec.head))
    throw new Error(`Expected a head that answers every frame, but got ${spec.head.kind}`);
  if (spec.embedding !== undefined)
    return openEmbeddedStream(spec, parameters, (layers) => openStream(layers, parameters, rung));
  if (spec.stack !== undefined) return openStackedStream(spec, (layers) => openStream(layers, parameters, rung));
  switch (rung) {
    // One sequence needs no XLA: the kernels by name are there wherever the library is.
    case 'compiled':
    case 'native':
      return openNativeStream(spec, parameters);
    case 'wasm':
      return openPortableStream(spec, parameters, rung);
    default:
      return unreachable(rung);
  }
}
