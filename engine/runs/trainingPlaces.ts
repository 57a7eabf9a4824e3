// Where the engine that trains keeps what is its own, in the data folder.
import { join } from 'node:path';

/** What it keeps for itself: compiled programs, features. */
export const trainingFolder = (data: string): string => join(data, 'training');
/** Features that runs share. */
export const featuresFolder = (own: string): string => join(own, 'features');
