import type { Component } from 'svelte';

/** One thing to do in a menu. */
export interface MenuItem {
  /** In the present language; no two of a menu have the same. */
  readonly label: string;
  readonly icon?: Component<{ size?: number | string; strokeWidth?: number | string }>;
  readonly isEnabled?: boolean;
  readonly run: () => void;
}
