// What a new run begins with, as another view hands it over. Train reads it where it offers a new run: #train/new.
import type { Augmentation } from '../../../app/contract/trainingConfig';

class NewRun {
  /** The data set to learn; null where none was chosen yet. */
  setId = $state<string | null>(null);
  /** How its clips are disturbed; null for what the configuration says by itself. */
  augmentation = $state.raw<Augmentation | null>(null);
}
export const newRun = new NewRun();
