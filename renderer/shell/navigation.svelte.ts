// Where the person is. The place stands in the address's fragment, so that reload and back work by themselves.
export const VIEWS = ['record', 'library', 'data', 'train', 'inspect', 'lab', 'settings'] as const;
export type ViewName = (typeof VIEWS)[number];

class Navigation {
  view = $state<ViewName>('record');
  /** What is open inside the view: a recording of the library, a section of the settings. */
  item = $state<string | null>(null);

  /** Follows the address until the returned function is called. */
  follow(): () => void {
    const read = (): void => this.#read();
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }

  go(view: ViewName, item: string | null = null): void {
    location.hash = item === null ? view : `${view}/${item}`;
    this.#read();
  }

  #read(): void {
    const [view, item] = location.hash.slice(1).split('/');
    this.view = VIEWS.find((name) => name === view) ?? 'record';
    this.item = item ? decodeURIComponent(item) : null;
  }
}
export const navigation = new Navigation();

/** What the rail shows as a dot: red while recording, accent while files or a run are at work. */
class Activity {
  isRecording = $state(false);
  isTranscribing = $state(false);
  /** A prompt of the Data view is being recorded. */
  isTakingPrompts = $state(false);
  isTraining = $state(false);
}
export const activity = new Activity();
