// The one gate between windows and the engine. Every message passes it, whatever brought it here: its form, its name,
// its values and their sizes are checked, and whether it may touch what it names.
import type { ErrorMessage } from '../app/contract/errorMessage';
import {
  events,
  isHostMethod,
  methods,
  type EngineMethodName,
  type EventEnvelope,
  type EventName,
  type EventOf,
  type MethodName,
  type ReplyEnvelope,
  type ReplyOf,
  type RequestOf,
} from '../app/contract/messages';
import { UnrollError } from '../app/errors';
import type { Answer, EngineState } from './engineSupervisor';
import { firstIssue, isMethodName, requestEnvelopeSchema } from './envelopes';
import { objectionToData } from './plainData';
import { answerOfHost, type HostAnswers } from './hostAnswers';
import { Ownership, WORK_KINDS, type ClientId, type WorkKind } from './ownership';
import { endingOf, type Ending } from './workEndings';

/** More unanswered requests of one window than a working window has. */
export const MAX_OUTSTANDING = 64;
/** A window that lost its connection comes back within this time, or its recordings are ended for it. */
const ABSENCE_MS = 20_000;
/** Of a message that was refused before its id was known. */
const NO_ID = 0;

export interface GatewayOptions {
  readonly host: ReplyOf<'system.info'>['host'];
  /** Asks the engine; never throws. */
  readonly ask: (method: EngineMethodName, body: unknown) => Promise<Answer>;
  readonly hostAnswers: HostAnswers;
  readonly log: (line: string) => void;
  readonly absenceMs?: number;
}

interface Client {
  readonly send: (event: EventEnvelope) => void;
  outstanding: number;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #clients = new Map<ClientId, Client>();
  readonly #ownership = new Ownership();
  #lastClientId = 0;
  #engineState: EngineState = { state: 'starting', error: null };

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** @param send delivers events to the window */
  connect(send: Client['send']): ClientId {
    const clientId = ++this.#lastClientId;
    this.#clients.set(clientId, { send, outstanding: 0 });
    return clientId;
  }

  /** Tells a window that has just begun to listen how the engine is. */
  greet(clientId: ClientId): void {
    this.#clients.get(clientId)?.send({ kind: 'event', event: 'engine.state', body: this.#engineState });
  }

  /** Forgets a window. What it had under way is ended unless a window takes it over soon. */
  disconnect(clientId: ClientId): void {
    if (!this.#clients.delete(clientId)) return;
    setTimeout(() => void this.#endWorkOf(clientId), this.#options.absenceMs ?? ABSENCE_MS);
  }

  /**
   * Answers one message of a window.
   * @param message whatever the window sent
   */
  async handle(clientId: ClientId, message: unknown): Promise<ReplyEnvelope> {
    const envelope = requestEnvelopeSchema.safeParse(message);
    if (!envelope.success) return failure(idOf(message), refusal('?', firstIssue(envelope.error)));
    const { id, method, body } = envelope.data;
    const answer = await this.#answer(clientId, method, body);
    return answer.isOk ? { kind: 'reply', id, isOk: true, body: answer.body } : failure(id, answer.error);
  }

  /** Takes an event from the engine or its supervisor, and gives it to the windows it concerns. */
  publish({ event, body }: EventEnvelope): void {
    const parsed = events[event].safeParse(body);
    if (!parsed.success) {
      this.#options.log(`The event ${event} was dropped: ${firstIssue(parsed.error)}`);
      return;
    }
    const envelope: EventEnvelope = { kind: 'event', event, body: parsed.data };
    for (const clientId of this.#audience(event, parsed.data)) this.#clients.get(clientId)?.send(envelope);
  }

  async #answer(clientId: ClientId, method: string, body: unknown): Promise<Answer> {
    const client = this.#clients.get(clientId);
    if (!client) return no(refusal(method, 'Its window is not known.'));
    if (!isMethodName(method)) return no(refusal(method, 'There is no such message.'));
    const objectionToBody = objectionToData(body);
    if (objectionToBody !== null) return no(refusal(method, objectionToBody));
    const request = methods[method].request.safeParse(body);
    if (!request.success) return no(refusal(method, firstIssue(request.error)));
    if (client.outstanding >= MAX_OUTSTANDING) return no(refusal(method, `${MAX_OUTSTANDING} are unanswered.`));
    const objection = this.#objection(clientId, method, request.data);
    if (objection) return no(objection);
    client.outstanding++;
    try {
      return await this.#relay(clientId, method, request.data);
    } finally {
      client.outstanding--;
    }
  }

  async #relay(clientId: ClientId, method: MethodName, request: unknown): Promise<Answer> {
    if (isHostMethod(method)) return answerOfHost(this.#options.hostAnswers, method, request);
    const answer = await this.#options.ask(method, request);
    if (!answer.isOk) return answer;
    const body = method === 'system.info' ? withHost(answer.body, this.#options.host) : answer.body;
    const reply = methods[method].reply.safeParse(body);
    if (!reply.success) {
      const reason = firstIssue(reply.error);
      this.#options.log(`The engine's answer to ${method} was dropped: ${reason}`);
      return no(new UnrollError('engine.fault', { method, reason }).toMessage());
    }
    this.#remember(clientId, method, request, reply.data);
    return { isOk: true, body: reply.data };
  }

  /** Why this window may not ask this now, or null. */
  #objection(clientId: ClientId, method: MethodName, request: unknown): ErrorMessage | null {
    switch (method) {
      case 'listen.chunk':
      case 'listen.mark':
      case 'listen.giveBack':
      case 'listen.finish': {
        const { streamId } = request as RequestOf<'listen.mark'>;
        // Foreign and unknown streams look alike: nothing is to be learnt by trying.
        return this.#ownership.streamOwner(streamId) === clientId ? null : unknownStream();
      }
      case 'listen.resume': {
        const { recordingId } = request as RequestOf<'listen.resume'>;
        const owner = this.#ownership.recordingOwner(recordingId);
        return this.#isForeign(owner, clientId) ? unknownStream() : null;
      }
      case 'files.piece':
      case 'files.cancel': {
        const { fileId } = request as RequestOf<'files.cancel'>;
        const owner = this.#ownership.fileOwner(fileId);
        const isStop = method === 'files.cancel' && this.#ownership.isFileOfHost(fileId);
        const isOpen = owner === null ? isStop : !this.#isForeign(owner, clientId);
        return isOpen ? null : refusal(method, 'No such file is open.');
      }
      case 'data.piece':
      case 'data.import':
      case 'models.import':
      case 'models.importTorch':
      case 'data.cancelUpload': {
        const { uploadId } = request as RequestOf<'data.cancelUpload'>;
        return this.#isOpenTo(clientId, 'upload', uploadId) ? null : refusal(method, 'No such upload is under way.');
      }
      case 'data.exportPack':
      case 'data.exportPiece':
      case 'data.exportClose': {
        const { exportId } = request as RequestOf<'data.exportClose'>;
        return this.#isOpenTo(clientId, 'export', exportId) ? null : refusal(method, 'No such export is under way.');
      }
      case 'data.takeChunk':
      case 'data.takeFinish':
      case 'data.takeKeep':
      case 'data.takeDiscard':
      case 'data.takeLeave': {
        const { takeId } = request as RequestOf<'data.takeFinish'>;
        return this.#isOpenTo(clientId, 'take', takeId) ? null : unknownStream();
      }
      default:
        return this.#inspectionObjection(clientId, method, request);
    }
  }

  /** Sounds that another window looks into cannot be asked; unknown ones look alike. */
  #inspectionObjection(clientId: ClientId, method: MethodName, request: unknown): ErrorMessage | null {
    switch (method) {
      case 'inspection.close':
      case 'inspection.text':
      case 'inspection.matrix':
      case 'inspection.peaks':
      case 'inspection.audio':
      case 'inspection.values':
      case 'inspection.order':
      case 'inspection.whatIf':
      case 'inspection.select':
      case 'inspection.saliency':
      case 'inspection.reach':
      case 'inspection.difference':
      case 'inspection.align': {
        const { handle, other = handle } = request as { readonly handle: string; readonly other?: string };
        const isOwn = [handle, other].every((each) => this.#ownership.workOwner('inspection', each) === clientId);
        return isOwn ? null : new UnrollError('inspection.closed').toMessage();
      }
      case 'inspection.watch': {
        const owner = this.#ownership.streamOwner((request as RequestOf<'inspection.watch'>).streamId);
        return owner === clientId ? null : new UnrollError('stream.unknown').toMessage();
      }
      case 'models.compared':
      case 'models.cancelComparison': {
        const { comparisonId } = request as RequestOf<'models.compared'>;
        const owner = this.#ownership.workOwner('comparison', comparisonId);
        return owner === clientId ? null : new UnrollError('comparison.closed').toMessage();
      }
      case 'inspection.surveyed':
      case 'inspection.cancelSurvey': {
        const owner = this.#ownership.workOwner('survey', (request as RequestOf<'inspection.surveyed'>).surveyId);
        return owner === clientId ? null : new UnrollError('inspection.closed').toMessage();
      }
      default:
        return null;
    }
  }

  /** Whether a window may go on with what it began, or what one began that is gone. */
  #isOpenTo(clientId: ClientId, kind: WorkKind, id: string): boolean {
    const owner = this.#ownership.workOwner(kind, id);
    return owner !== null && !this.#isForeign(owner, clientId);
  }

  /** True where it belongs to another window that is still there. */
  #isForeign(owner: ClientId | null, clientId: ClientId): boolean {
    return owner !== null && owner !== clientId && this.#clients.has(owner);
  }

  #remember(clientId: ClientId, method: MethodName, request: unknown, reply: unknown): void {
    switch (method) {
      case 'listen.start': {
        const { streamId, recordingId } = reply as ReplyOf<'listen.start'>;
        return this.#ownership.openStream(clientId, streamId, recordingId);
      }
      case 'listen.resume': {
        const { streamId } = reply as ReplyOf<'listen.resume'>;
        return this.#ownership.openStream(clientId, streamId, (request as RequestOf<'listen.resume'>).recordingId);
      }
      case 'listen.chunk': {
        const { streamId, firstFrame } = request as RequestOf<'listen.chunk'>;
        return this.#ownership.sentChunk(streamId, firstFrame);
      }
      case 'listen.finish':
        return this.#ownership.closeStream((request as RequestOf<'listen.finish'>).streamId);
      case 'files.add':
        return this.#ownership.openFile(clientId, (reply as ReplyOf<'files.add'>).fileId);
      case 'data.upload':
        return this.#ownership.openWork(clientId, 'upload', (reply as ReplyOf<'data.upload'>).uploadId);
      case 'data.export':
        return this.#ownership.openWork(clientId, 'export', (reply as ReplyOf<'data.export'>).exportId);
      case 'data.takeStart':
        return this.#ownership.openWork(clientId, 'take', (reply as ReplyOf<'data.takeStart'>).takeId);
      case 'inspection.open':
      case 'inspection.whatIf':
        return this.#ownership.openWork(clientId, 'inspection', (reply as ReplyOf<'inspection.open'>).handle);
      case 'models.compare':
        return this.#ownership.openWork(clientId, 'comparison', (reply as ReplyOf<'models.compare'>).comparisonId);
      case 'inspection.survey':
        return this.#ownership.openWork(clientId, 'survey', (reply as ReplyOf<'inspection.survey'>).surveyId);
      case 'inspection.close':
        return this.#ownership.closeWork((request as RequestOf<'inspection.close'>).handle);
      // A window that came back after a lost connection goes on with what it began as another client.
      case 'data.piece':
        return this.#ownership.openWork(clientId, 'upload', (request as RequestOf<'data.piece'>).uploadId);
      case 'data.exportPack':
      case 'data.exportPiece':
        return this.#ownership.openWork(clientId, 'export', (request as RequestOf<'data.exportPack'>).exportId);
      case 'data.takeChunk':
      case 'data.takeFinish':
        return this.#ownership.openWork(clientId, 'take', (request as RequestOf<'data.takeFinish'>).takeId);
      case 'data.cancelUpload':
        return this.#ownership.closeWork((request as RequestOf<'data.cancelUpload'>).uploadId);
      case 'data.exportClose':
        return this.#ownership.closeWork((request as RequestOf<'data.exportClose'>).exportId);
      case 'data.takeKeep':
      case 'data.takeDiscard':
      case 'data.takeLeave':
        return this.#ownership.closeWork((request as RequestOf<'data.takeLeave'>).takeId);
      default:
    }
  }

  #audience(event: EventName, body: unknown): Iterable<ClientId> {
    const everyone = [...this.#clients.keys()];
    switch (event) {
      case 'engine.state':
        return this.#heardEngineState(body as EngineState, everyone);
      case 'listen.recognised':
      case 'listen.settledAnew':
      case 'listen.failed': {
        const { streamId } = body as EventOf<'listen.failed'>;
        const owner = this.#ownership.streamOwner(streamId);
        if (event === 'listen.failed') this.#ownership.closeStream(streamId);
        return owner === null ? [] : [owner];
      }
      case 'files.progress': {
        const { fileId, state } = body as EventOf<'files.progress'>;
        const owner = this.#ownership.fileOwner(fileId);
        if (state === 'done' || state === 'failed' || state === 'cancelled') this.#ownership.closeFile(fileId);
        else if (owner === null) this.#ownership.openFileOfHost(fileId);
        else if (state !== 'receiving') this.#ownership.receivedFile(fileId);
        // A window that came back after a lost connection is another client and still shows its queue.
        return owner !== null && this.#clients.has(owner) ? [owner] : everyone;
      }
      case 'inspection.live': {
        const owner = this.#ownership.streamOwner((body as EventOf<'inspection.live'>).streamId);
        return owner === null ? [] : [owner];
      }
      case 'models.comparing': {
        const owner = this.#ownership.workOwner('comparison', (body as EventOf<'models.comparing'>).comparisonId);
        return owner === null ? everyone : [owner];
      }
      case 'inspection.survey': {
        const owner = this.#ownership.workOwner('survey', (body as EventOf<'inspection.survey'>).surveyId);
        return owner === null ? everyone : [owner];
      }
      case 'inspection.progress': {
        const owner = this.#ownership.workOwner('inspection', (body as EventOf<'inspection.progress'>).handle);
        // Before the answer that brings the handle, nobody knows whose it is: it says nothing to others.
        return owner === null ? everyone : [owner];
      }
      case 'recordings.changed':
      case 'models.changed':
      case 'data.changed':
      case 'data.importing':
      case 'data.exporting':
      case 'runs.changed':
      case 'runs.stepped':
      case 'runs.epochEnded':
      case 'lab.measured':
      case 'watching.offered':
      case 'watching.changed':
      case 'updates.changed':
      case 'system.opened':
        return everyone;
    }
  }

  #heardEngineState(state: EngineState, everyone: ClientId[]): ClientId[] {
    this.#engineState = state;
    // The streams died with the engine; their windows resume the recordings.
    if (state.state === 'restarting' || state.state === 'failed') this.#ownership.closeAllStreams();
    return everyone;
  }

  async #endWorkOf(clientId: ClientId): Promise<void> {
    const noFrames = new Float32Array(0);
    const endings = [
      ...this.#ownership.streamsOf(clientId).map(({ streamId, firstFrame }) => {
        this.#ownership.closeStream(streamId);
        return this.#end(['listen.finish', { streamId, firstFrame, frames: noFrames }]);
      }),
      ...this.#ownership.filesReceivedFrom(clientId).map((fileId) => {
        this.#ownership.closeFile(fileId);
        return this.#end(['files.cancel', { fileId }]);
      }),
      ...WORK_KINDS.flatMap((kind) =>
        this.#ownership.worksOf(clientId, kind).map((id) => {
          this.#ownership.closeWork(id);
          return this.#end(endingOf(kind, id));
        }),
      ),
    ];
    await Promise.all(endings);
  }

  async #end([method, body]: Ending): Promise<void> {
    const answer = await this.#options.ask(method, body);
    if (!answer.isOk) this.#options.log(`${method} for a window that is gone: ${answer.error.code}`);
  }
}

/** The engine does not know what shows its window. */
const withHost = (info: unknown, host: GatewayOptions['host']): unknown =>
  typeof info === 'object' ? { ...info, host } : info;

const unknownStream = (): ErrorMessage => new UnrollError('stream.unknown').toMessage();

const no = (error: ErrorMessage): Answer => ({ isOk: false, error });

const failure = (id: number, error: ErrorMessage): ReplyEnvelope => ({ kind: 'reply', id, isOk: false, error });

const refusal = (method: string, reason: string): ErrorMessage =>
  new UnrollError('message.refused', { method, reason }).toMessage();

/** The id of a message that is otherwise wrong, so that its sender hears of it. */
function idOf(message: unknown): number {
  const id = typeof message === 'object' && message !== null ? (message as { id?: unknown }).id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : NO_ID;
}
