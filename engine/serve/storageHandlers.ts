// What each method on the person's folder asks of the disk.
import type { storageMethods } from '../../app/contract/storage';
import { emptyFeatures, storageUse } from '../library/storage';
import type { ListeningHandlers } from './dispatcher';

/** @param data the person's folder */
export const makeStorageHandlers = (data: string): Pick<ListeningHandlers, keyof typeof storageMethods> => ({
  'storage.use': async () => ({ use: await storageUse(data), place: data }),
  'storage.emptyFeatures': async () => ({ byteLength: await emptyFeatures(data) }),
});
