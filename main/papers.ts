// The way to the papers that the laboratory is after: by the person's own browser, at addresses that are written in the program.
import { PAPERS, type PaperId } from '../app/contract/papers';

/**
 * Opens a paper. @returns false where the system could not
 * @param openAddress hands an address to the system
 */
export async function openPaper(paper: PaperId, openAddress: (address: string) => Promise<void>): Promise<boolean> {
  try {
    await openAddress(PAPERS[paper].address);
    return true;
  } catch {
    // The system has no browser to give it to; the window shows the address instead.
    return false;
  }
}
