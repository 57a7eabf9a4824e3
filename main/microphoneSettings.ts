// The way to where the person's system says which programs may use the microphone. The addresses are these and no others.
const PANELS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone',
  win32: 'ms-settings:privacy-microphone',
};

/**
 * Opens the system's own panel. @returns false where the system has none that an address leads to, or could not open it
 * @param openAddress hands an address to the system
 */
export async function openMicrophoneSettings(
  platform: NodeJS.Platform,
  openAddress: (address: string) => Promise<void>,
): Promise<boolean> {
  const panel = PANELS[platform];
  if (panel === undefined) return false;
  try {
    await openAddress(panel);
    return true;
  } catch {
    // The system refused; the window says in words where to look.
    return false;
  }
}
