import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { hoursAgo, shelf, spoken } from '../../support/shelf';
import { openWindow } from '../../support/openWindow';

const door = { id: 'door', title: 'Door code', words: spoken('seven three nine'), createdAt: hoursAgo(1) };
const meter = { id: 'meter', title: 'Meter', words: spoken('two nine four'), createdAt: hoursAgo(2) };
const old = { id: 'old', title: 'From winter', words: spoken('five'), createdAt: '2020-01-14T10:42:00.000Z' };
// The record view stays in the page, hidden: what is looked for is in the main region that is shown.
const rows = () => page.getByRole('main').getByTestId('recording-row');

test('recordings stand newest first, under the name of their day', async () => {
  await openWindow(shelf([old, meter, door]), 'library');
  await expect.element(rows().nth(0)).toHaveTextContent('Door code');
  await expect.element(rows().nth(2)).toHaveTextContent('From winter');
  await expect.element(page.getByRole('heading', { name: /14.*2020/ })).toBeVisible();
});

test('searching finds by title and by text while typing, and marks the hits', async () => {
  await openWindow(shelf([door, meter, old]), 'library');
  await page.getByRole('searchbox').fill('nine');
  await expect.element(page.getByText('2 found')).toBeVisible();
  expect(
    rows()
      .elements()
      .map((row) => row.querySelector('mark')?.textContent),
  ).toEqual(['nine', 'nine']);
  await page.getByRole('searchbox').fill('door nine');
  await expect.element(rows()).toHaveTextContent('Door code');
});

test('a search without a hit says so and offers the way back', async () => {
  await openWindow(shelf([door]), 'library');
  await page.getByRole('searchbox').fill('elephant');
  await expect.element(page.getByText('No recording has “elephant”')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the search' }).last().click();
  await expect.element(rows()).toBeVisible();
});

test('a recording is renamed where its title stands, and Enter keeps the name', async () => {
  const bridge = shelf([door]);
  await openWindow(bridge, 'library/door');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Cellar door');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('heading', { name: 'Cellar door' })).toBeVisible();
  await expect.element(rows()).toHaveTextContent('Cellar door');
  expect(bridge.bodiesOf('recordings.rename')).toEqual([{ recordingId: 'door', title: 'Cellar door' }]);
});

test('Escape while renaming leaves the title as it was', async () => {
  const bridge = shelf([door]);
  await openWindow(bridge, 'library/door');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Something else');
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { name: 'Door code' })).toBeVisible();
  expect(bridge.bodiesOf('recordings.rename')).toEqual([]);
});

test('a deleted recording leaves the list and comes back by one click', async () => {
  await openWindow(shelf([door, meter]), 'library/door');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect.element(page.getByText('“Door code” was deleted.')).toBeVisible();
  await expect.element(rows()).toHaveTextContent('Meter');
  await page.getByRole('button', { name: 'Bring back' }).click();
  await expect.element(rows().nth(0)).toHaveTextContent('Door code');
});

test('Ctrl Z brings a deleted recording back', async () => {
  await openWindow(shelf([door, meter]), 'library/door');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect.element(page.getByText('“Door code” was deleted.')).toBeVisible();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(rows().nth(0)).toHaveTextContent('Door code');
});

test('a recording that could not be deleted stays, and the reason is said', async () => {
  const bridge = shelf([door, meter]);
  bridge.answer('recordings.delete', () => {
    throw new UnrollError('engine.restarting');
  });
  await openWindow(bridge, 'library/door');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect.element(page.getByText('The engine is starting again.')).toBeVisible();
  expect(rows().elements()).toHaveLength(2);
});

test('an empty library says what belongs there and offers to record', async () => {
  await openWindow(shelf([]), 'library');
  await expect.element(page.getByText('No recordings yet')).toBeVisible();
  await expect.element(page.getByRole('main').getByRole('link', { name: 'Record' })).toHaveAttribute('href', '#record');
});

test('a list that cannot be read says why and is asked for again on request', async () => {
  const bridge = shelf([door]);
  const list = vi.fn(() => {
    throw new UnrollError('engine.restarting');
  });
  bridge.answer('library.search', list);
  await openWindow(bridge, 'library');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await vi.waitFor(() => expect(list.mock.calls.length).toBeGreaterThanOrEqual(2));
});

test('an uncertain character is underlined by its confidence, and U takes the marks away', async () => {
  const [word] = spoken('five');
  word!.characters[1]!.confidence = 0.6;
  await openWindow(shelf([{ ...door, words: [word!] }]), 'library/door');
  const mark = page.getByTestId('transcript').getByText('i', { exact: true });
  await expect.element(mark).toBeVisible();
  const { borderBottomWidth, borderBottomColor: before } = { ...getComputedStyle(mark.element()) };
  expect(borderBottomWidth).toBe('2px');
  await userEvent.keyboard('u');
  await vi.waitFor(() => expect(getComputedStyle(mark.element()).borderBottomColor).not.toBe(before));
});

test('speech outside the vocabulary is shown as a mark, never as text', async () => {
  const [known] = spoken('five');
  const outside = { ...known!, text: '', characters: [], isKnown: false };
  await openWindow(shelf([{ ...door, words: [known!, outside] }]), 'library/door');
  const mark = page.getByTestId('transcript').getByRole('button', { name: 'unsure' });
  await expect.element(mark).toBeVisible();
  expect(mark.element().textContent).toBe('');
  await page.getByRole('button', { name: 'Teach it my words' }).click();
  await expect.element(page.getByRole('heading', { level: 1, name: 'Data' })).toBeVisible();
});

test('a click on a word plays the sound from that word on', async () => {
  const bridge = shelf([door]);
  await openWindow(bridge, 'library/door');
  await page.getByTestId('transcript').getByText('three').click();
  await vi.waitFor(() => {
    const first = bridge.bodiesOf('recordings.audio').map(({ firstSample }) => firstSample);
    // "three" begins at 600 ms; a little of what is before it is heard as well.
    expect(first.some((sample) => sample > 400 * 16 && sample <= 600 * 16)).toBe(true);
  });
});

test('K plays and pauses, J goes back', async () => {
  await openWindow(shelf([door]), 'library/door');
  await userEvent.keyboard('k');
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await vi.waitFor(() => expect(cursorMs()).toBeGreaterThan(0));
  await userEvent.keyboard('k');
  await expect.element(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await userEvent.keyboard('j');
  await vi.waitFor(() => expect(cursorMs()).toBe(0));
});

test('Space plays while a row of the list has the focus', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(rows()).toBeVisible();
  (rows().element() as HTMLElement).focus();
  await userEvent.keyboard(' ');
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('arrow keys move the cursor by a frame, with Shift by ten', async () => {
  await openWindow(shelf([door]), 'library/door');
  const slider = page.getByRole('slider', { name: 'Position in the sound' });
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
  expect(cursorMs()).toBe(110);
});

test('arrow keys go through the list and open what they reach', async () => {
  await openWindow(shelf([door, meter]), 'library/door');
  await expect.element(rows().nth(1)).toBeVisible();
  await userEvent.keyboard('/');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await expect.element(page.getByRole('heading', { name: 'Meter' })).toBeVisible();
});

test('a recovered recording is announced and opened from there', async () => {
  const bridge = shelf([door, { ...meter, isRecovered: true }]);
  await openWindow(bridge, 'library/door');
  await expect.element(rows().nth(1)).toBeVisible();
  bridge.emit('recordings.changed', { recoveredIds: ['meter'] });
  await expect.element(page.getByText('A recording was recovered.')).toBeVisible();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect.element(page.getByRole('heading', { name: 'Meter' })).toBeVisible();
});

const cursorMs = (): number =>
  Number(page.getByRole('slider', { name: 'Position in the sound' }).element().getAttribute('aria-valuenow'));

test('the text is saved under the title, one line for each utterance', async () => {
  await openWindow(shelf([{ ...door, title: 'Door: code' }]), 'library/door');
  const saved: { name: string; url: string }[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, url: this.href });
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('button', { name: 'Save Door- code.txt' }).click();
  click.mockRestore();
  expect(saved[0]?.name).toBe('Door- code.txt');
  expect(await (await fetch(saved[0]!.url)).text()).toBe('seven three nine\n');
});

test('a recording without a name is called by what was said, and where nothing was, by when', async () => {
  const unnamed = { id: 'unnamed', title: '', words: spoken('four two'), createdAt: hoursAgo(1) };
  const silent = { id: 'silent', title: '', words: [], createdAt: '2020-01-14T10:42:00.000Z' };
  await openWindow(shelf([unnamed, silent]), 'library/silent');
  const rows = page.getByRole('main').getByTestId('recording-row');
  await expect.element(rows.nth(0)).toHaveTextContent(/^four two\s/);
  await expect.element(rows.nth(1)).toHaveTextContent(/^\s*(14 January 2020|January 14, 2020)/);
  await expect.element(page.getByRole('region', { name: /2020/ })).toBeVisible();
});

test('M marks the moment under the cursor, and takes the mark there away', async () => {
  const bridge = shelf([door]);
  await openWindow(bridge, 'library/door');
  const slider = page.getByRole('slider', { name: 'Position in the sound' });
  await expect.element(slider).toBeVisible();
  await expect.element(page.getByTestId('transcript')).toHaveTextContent('seven');
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{ArrowRight}{/Shift}m');
  await expect.element(page.getByRole('button', { name: 'Mark at 0:00.3' })).toBeVisible();
  await userEvent.keyboard('{Home}');
  await page.getByRole('button', { name: 'Mark at 0:00.3' }).click();
  await expect.element(slider).toHaveAttribute('aria-valuenow', '300');
  await userEvent.keyboard('m');
  await expect.poll(() => bridge.bodiesOf('recordings.mark').map(({ marks }) => marks)).toEqual([[300], []]);
});

test('a star and a tag are put on a recording, and the list is narrowed to its favourites', async () => {
  const bridge = shelf([door, meter]);
  await openWindow(bridge, 'library/door');
  await page.getByRole('button', { name: 'Favourite', exact: true }).click();
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('home');
  await userEvent.keyboard('{Enter}');
  await expect.element(rows().first()).toHaveTextContent('#home');
  expect(bridge.bodiesOf('recordings.label').pop()).toEqual({ recordingId: 'door', tags: ['home'], isFavourite: true });
  await page.getByRole('button', { name: 'Favourites alone' }).click();
  await expect.poll(() => rows().elements()).toHaveLength(1);
});

test('several recordings are deleted at once and come back at once', async () => {
  await openWindow(shelf([door, meter, old]), 'library/old');
  await page.getByRole('button', { name: 'Choose several' }).click();
  await page.getByRole('checkbox', { name: 'Door code' }).click();
  await page.getByRole('checkbox', { name: 'Meter' }).click();
  await page.getByRole('button', { name: 'Delete the chosen' }).click();
  await expect.element(page.getByText('2 recordings were deleted.')).toBeVisible();
  await expect.poll(() => rows().elements()).toHaveLength(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => rows().elements()).toHaveLength(3);
});
