// The microphones that can be chosen.

export interface Microphone {
  readonly deviceId: string;
  /** Empty until the microphone has been allowed once: the system keeps names to itself. */
  readonly label: string;
}

export async function listMicrophones(): Promise<Microphone[]> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return [];
  const all = await devices.enumerateDevices();
  return all
    .filter((device) => device.kind === 'audioinput' && device.deviceId !== 'communications')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Calls back whenever a device comes or goes, until the returned function is called. */
export function watchMicrophones(callback: () => void): () => void {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  devices?.addEventListener('devicechange', callback);
  return () => devices?.removeEventListener('devicechange', callback);
}
