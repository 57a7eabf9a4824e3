// The record button of the open window, and waiting for what it says of the recording.
import { expect } from 'vitest';
import { page } from 'vitest/browser';

export const button = page.getByTestId('record-button');
const stateOf = (): string | undefined => (button.element() as HTMLElement).dataset['state'];
export const untilState = (state: string): Promise<void> => expect.poll(stateOf).toBe(state);
