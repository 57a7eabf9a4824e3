// Requests that wait for their answers, and listeners to events: what every transport has in common.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import type {
  Envelope,
  EventName,
  EventOf,
  MethodName,
  ReplyEnvelope,
  ReplyOf,
  RequestEnvelope,
  RequestOf,
} from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { BridgeError } from './bridge';

const DEFAULT_TIMEOUT_MS = 30_000;
/**
 * Answers that may take long: they load a model, hear a whole recording once more, wait until a network is seen through, read a whole data set, start the engine that
 * trains, try a network out, or train one in the laboratory.
 */
const TIMEOUTS_MS: Partial<Record<MethodName, number>> = {
  'models.open': 90_000,
  'listen.start': 90_000,
  'listen.resume': 180_000,
  'listen.finish': 180_000,
  'storage.use': 120_000,
  'storage.emptyFeatures': 120_000,
  'models.kept': 90_000,
  'models.duplicate': 120_000,
  'models.import': 300_000,
  'models.importTorch': 300_000,
  'models.onnx': 120_000,
  'models.compare': 120_000,
  'models.compared': 7_200_000,
  'data.openSample': 120_000,
  'data.rows': 120_000,
  'data.check': 300_000,
  'data.import': 3_600_000,
  'data.exportPack': 3_600_000,
  'data.split': 120_000,
  'data.takeFinish': 90_000,
  'data.disturb': 90_000,
  'lab.memory': 600_000,
  'lab.jumps': 600_000,
  'lab.gates': 600_000,
  'lab.race': 7_200_000,
  'lab.stop': 90_000,
  'inspection.open': 120_000,
  'inspection.whatIf': 120_000,
  'inspection.text': 600_000,
  'inspection.matrix': 600_000,
  'inspection.values': 600_000,
  'inspection.order': 600_000,
  'inspection.select': 600_000,
  'inspection.survey': 120_000,
  'inspection.surveyed': 7_200_000,
  'inspection.difference': 600_000,
  'inspection.saliency': 600_000,
  'inspection.reach': 600_000,
  'inspection.align': 600_000,
  'runs.start': 90_000,
  'runs.resume': 90_000,
  'runs.expectedTime': 180_000,
  'runs.features': 300_000,
  'runs.findRate': 900_000,
};

interface Pending {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Correspondence {
  readonly #send: (envelope: RequestEnvelope) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<EventName, Set<(body: unknown) => void>>();
  #lastId = 0;

  /** @param send puts a request on the wire; its answer comes back through `receive` */
  constructor(send: (envelope: RequestEnvelope) => void) {
    this.#send = send;
  }

  request<M extends MethodName>(method: M, body: RequestOf<M>): Promise<ReplyOf<M>> {
    const id = ++this.#lastId;
    const timeoutMs = TIMEOUTS_MS[method] ?? DEFAULT_TIMEOUT_MS;
    return new Promise<ReplyOf<M>>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new UnrollError('request.late', { method, seconds: timeoutMs / 1000 }));
      }, timeoutMs);
      this.#pending.set(id, { resolve: (reply) => resolve(reply as ReplyOf<M>), reject, timer });
      this.#send({ kind: 'request', id, method, body });
    });
  }

  on<E extends EventName>(event: E, callback: (body: EventOf<E>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    const listener = (body: unknown): void => callback(body as EventOf<E>);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Takes what came over the wire. An answer to a request that is no longer waited for is dropped. */
  receive(envelope: Envelope): void {
    if (envelope.kind === 'reply') this.#settle(envelope);
    else if (envelope.kind === 'event') this.emit(envelope.event, envelope.body);
  }

  emit(event: EventName, body: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(body);
  }

  /** Gives one waiting request an error, for instance because the wire refused it. */
  reject(id: number, error: Error): void {
    this.#take(id)?.reject(error);
  }

  /** Gives every request that has left an error: the wire is gone and no answer will come. */
  rejectSent(unsentIds: ReadonlySet<number>, makeError: () => Error): void {
    for (const id of [...this.#pending.keys()]) if (!unsentIds.has(id)) this.reject(id, makeError());
  }

  #settle(reply: ReplyEnvelope): void {
    const pending = this.#take(reply.id);
    if (reply.isOk) pending?.resolve(reply.body);
    else pending?.reject(new BridgeError(reply.error satisfies ErrorMessage));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (pending) clearTimeout(pending.timer);
    return pending;
  }
}
