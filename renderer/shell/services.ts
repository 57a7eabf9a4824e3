// What every view is given, by Svelte's context: the way to the engine, and the few things that outlive a view.
import { createContext } from 'svelte';
import type { Bridge } from '../bridge/bridge';
import type { DataDesk } from '../views/data/desk.svelte';
import type { Watched } from '../views/files/watched.svelte';
import type { FileQueue } from '../views/files/queue.svelte';
import type { Recordings } from '../views/library/recordings.svelte';
import type { RecordStore } from '../views/record/recordStore.svelte';
import type { ModelActions } from '../views/settings/modelActions';
import type { Preferences } from '../views/settings/preferences.svelte';
import type { TextDesk } from '../views/texts/textDesk.svelte';
import type { Runs } from '../views/train/runs.svelte';
import type { Commands } from './commands.svelte';
import type { Models } from './models.svelte';
import type { Notices } from './notices.svelte';

export type Services = {
  readonly bridge: Bridge;
  readonly preferences: Preferences;
  readonly notices: Notices;
  readonly commands: Commands;
  readonly models: Models;
  /** The models' folders, and what is done with them. */
  readonly keeper: ModelActions;
  readonly recordings: Recordings;
  readonly files: FileQueue;
  readonly watched: Watched;
  readonly dataDesk: DataDesk;
  readonly runs: Runs;
  readonly texts: TextDesk;
  /** The recording under way, whichever view is looked at. */
  readonly take: RecordStore;
};

const [read, provide] = createContext<Services>();
export const provideServices = provide;
/** The services, inside a component's initialisation. */
export const services = read;
