// Which theme the window wears. Dark values stand once, under data-theme="dark"; the system's wish arrives by matchMedia.
export type ThemeSetting = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

class ThemeState {
  setting = $state<ThemeSetting>('system');
  #systemIsDark = $state(false);
  /** Reading this in an effect redraws a canvas when colours change. */
  readonly current: Theme = $derived(
    this.setting === 'system' ? (this.#systemIsDark ? 'dark' : 'light') : this.setting,
  );

  /** Follows the system from now on; call once, before the first paint. */
  follow(): void {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    this.#systemIsDark = query.matches;
    query.addEventListener('change', (event) => {
      this.#systemIsDark = event.matches;
      this.#apply();
    });
    this.#apply();
  }

  set(setting: ThemeSetting): void {
    this.setting = setting;
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.current;
  }
}
export const theme = new ThemeState();
