// One reading of an LSTM with the hand-made way back: matrix products for all steps at once around the compiled recurrence.
import { gateScale } from '../cells/graphMath';
import { LSTM_GATE_KINDS, LSTM_GATES } from '../cells/lstm';
import { defineLstmBackward, defineLstmInference, defineLstmTraining, FORWARD_RESULTS } from './compiledLstm';
import {
  addGradient,
  at,
  lengthened,
  opposite,
  parameterOf,
  project,
  readingOrder,
  shortenedRows,
  withLastAxis,
  type ParameterValues,
  type PassContext,
  type Reading,
  type Sweep,
} from './compiledPass';

/** @param units H */
export function sweepLstm(context: PassContext, units: number, parameters: ParameterValues, reading: Reading): Sweep {
  const { graph, library, steps, isTraining } = context;
  const { direction, prefix, leading, lengths, initial } = reading;
  const columns = LSTM_GATES.length * units;
  const scale = gateScale(graph, LSTM_GATE_KINDS, units);
  const recurrentWeights = parameterOf(parameters, `${prefix}.recurrentWeights`);
  const projection = withLastAxis(graph, project(context, reading, parameters, scale), leading, columns);
  const definition = isTraining ? defineLstmTraining(library, units) : defineLstmInference(library, units);
  const order = readingOrder(context, direction);
  /** Of two neighbouring slots in `states` the one that holds what follows step 0. */
  const slotAfter = direction === 'forward' ? 1 : 0;
  const results = graph.call(definition, [
    lengthened(context, projection),
    graph.multiply(recurrentWeights, scale),
    lengths,
    at(initial, 0),
    at(initial, 1),
    order.firstTime,
    order.timeStep,
    steps,
  ]);
  const states = at(results, FORWARD_RESULTS.states);
  const window = (slot: number) => graph.slice(states, [slot, 0, 0], graph.concat([leading, graph.ints(units)], 0));
  return {
    output: window(slotAfter),
    final: isTraining ? [at(results, FORWARD_RESULTS.finalHidden), at(results, FORWARD_RESULTS.finalCell)] : [],
    backward: (outputGradient, columnOffset, gradients) => {
      const back = readingOrder(context, opposite(direction));
      const [gateGradients] = graph.call(defineLstmBackward(library, units), [
        outputGradient,
        graph.int(columnOffset),
        at(results, FORWARD_RESULTS.gates),
        at(results, FORWARD_RESULTS.cell),
        at(results, FORWARD_RESULTS.forget),
        graph.transpose(recurrentWeights, 1, 0),
        lengths,
        back.firstTime,
        back.timeStep,
        steps,
      ]);
      const dz = shortenedRows(graph, gateGradients!, leading, columns);
      const previous = graph.reshape(window(1 - slotAfter), graph.ints(-1, units));
      const gradient = graph.matmul(previous, dz, { transposeA: true });
      addGradient(graph, gradients, `${prefix}.recurrentWeights`, gradient);
      return { projection: dz, initial: null };
    },
  };
}
