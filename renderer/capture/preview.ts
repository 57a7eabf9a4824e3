// How loud a microphone is before anything is recorded: for choosing one. Nothing of it is kept.
import { toInt16 } from '../../app/audio/samples';
import { levelOf, type Level } from './level';
import { MicrophoneError, type OpenSource } from './source';

/** Whether the microphone can be opened without asking the person. */
export async function isMicrophoneAllowed(): Promise<boolean> {
  // TypeScript's list of names lacks this one; some browsers do too, and reject it.
  const name = 'microphone' as PermissionName;
  try {
    return (await navigator.permissions.query({ name })).state === 'granted';
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

export interface PreviewEvents {
  /** A tenth of a second's level at a time. */
  readonly onLevel: (level: Level) => void;
  /** The device's own rate, or null where it does not tell. */
  readonly onRate?: ((deviceRateHz: number | null) => void) | undefined;
}

/**
 * Listens until the returned function is called, and only where that needs no question to the person.
 */
export function previewLevel(open: OpenSource, { onLevel, onRate }: PreviewEvents): () => void {
  let isOver = false;
  const opening = isMicrophoneAllowed().then(async (isAllowed) => {
    if (!isAllowed || isOver) return null;
    const source = await open({
      onSamples: (samples) => {
        if (!isOver) onLevel(levelOf(toInt16(samples)));
      },
      onEnded: () => undefined,
    });
    if (!isOver) onRate?.(source.deviceRateHz);
    return source;
  });
  const end = async (): Promise<void> => {
    try {
      await (await opening)?.stop();
    } catch (error) {
      // A microphone that cannot be opened has no level: recording with it will say why.
      if (!(error instanceof MicrophoneError)) throw error;
    }
  };
  return () => {
    isOver = true;
    void end();
  };
}
