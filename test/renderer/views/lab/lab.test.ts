import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RequestOf, ReplyOf } from '../../../../app/contract/messages';
import { PAGES } from '../../../../renderer/shell/labPages';
import { openWindow } from '../../support/openWindow';
import { shelf } from '../../support/shelf';

/** w^(t−1) and its slope, and a memory that keeps all. */
function powers({ weight, steps }: RequestOf<'lab.transition'>): ReplyOf<'lab.transition'> {
  const values = Array.from({ length: steps }, (_, t) => weight ** t);
  const gradients = values.map((_, t) => t * weight ** (t - 1));
  return {
    unit: { values, gradients },
    memory: { values: values.map(() => 1), gradients: values.map(() => 0) },
    largest: Math.max(...values),
  };
}

const finding = () => page.getByTestId('lab-finding');
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('the list leads to an experiment, and an arrow leads back', async () => {
  const bridge = shelf([]);
  bridge.answer('lab.transition', powers);
  await openWindow(bridge, 'lab');
  await page.getByRole('link', { name: /One weight, a thousand steps/ }).click();
  await expect.element(finding()).toHaveTextContent('With w = 1.01 the unit ends at 20750');
  await page.getByRole('button', { name: 'All experiments' }).click();
  await expect.element(page.getByText('Why recurrent networks are hard to train')).toBeVisible();
});

test('while an answer is awaited only the newest setting is asked for next', async () => {
  const bridge = shelf([]);
  const answers: (() => void)[] = [];
  bridge.answer('lab.transition', (body) => new Promise((resolve) => answers.push(() => resolve(powers(body)))));
  await openWindow(bridge, 'lab/transition');
  await expect.poll(() => answers.length).toBe(1);
  const slider = page.getByRole('slider', { name: 'Weight w' });
  (slider.element() as HTMLElement).focus();
  for (let press = 0; press < 5; press++) await userEvent.keyboard('{ArrowRight}');
  answers[0]!();
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!();
  await pause();
  expect(bridge.bodiesOf('lab.transition').map(({ weight }) => weight)).toEqual([1.01, 1.015]);
  await expect.element(finding()).toHaveTextContent('With w = 1.015');
  await expect.element(page.getByText('unroll lab transition --weight 1.015 --json')).toBeVisible();
});

test('the numbers behind the figure stand in a table', async () => {
  const bridge = shelf([]);
  bridge.answer('lab.transition', powers);
  await openWindow(bridge, 'lab/transition');
  await expect.element(finding()).toBeVisible();
  await userEvent.keyboard('t');
  // By selectors: to work out the roles of five thousand cells takes minutes.
  await expect
    .poll(() => Array.from(document.querySelectorAll('th'), ({ textContent }) => textContent))
    .toContain('gradient dy/dw');
  expect(document.querySelectorAll('tbody tr')).toHaveLength(1000);
});

test('a page that is opened asks once for its experiment, and for no other', async () => {
  const bridge = shelf([]);
  await openWindow(bridge, 'lab');
  for (const name of PAGES) {
    const begin = bridge.requests.length;
    location.hash = `lab/${name}`;
    const asked = () =>
      bridge.requests
        .slice(begin)
        .map(({ method }) => method)
        .filter((method) => method.startsWith('lab.'));
    // A race takes minutes and is begun by hand.
    const wanted = name === 'race' ? [] : [`lab.${name}`];
    await expect.poll(asked).toEqual(wanted);
    await pause();
    expect(asked()).toEqual(wanted);
  }
});

test('the paper is opened by its id where the window opens nothing itself, and its address shown where that fails', async () => {
  const bridge = shelf([]);
  bridge.answer('lab.transition', powers);
  let isOpened = true;
  bridge.answer('system.openPaper', () => ({ isOpened }));
  await openWindow({ ...bridge, host: 'electron' }, 'lab/transition');
  const link = page.getByRole('link', { name: 'The paper: Bengio, Simard & Frasconi 1994' });
  await link.click();
  await expect.poll(() => bridge.bodiesOf('system.openPaper')).toEqual([{ paper: 'bengio-1994' }]);
  const address = page.getByText('https://doi.org/10.1109/72.279181');
  await expect.element(address).not.toBeInTheDocument();
  isOpened = false;
  await link.click();
  await expect.element(address).toBeVisible();
});

test('in a browser the paper is a link to another page', async () => {
  const bridge = shelf([]);
  bridge.answer('lab.transition', powers);
  await openWindow(bridge, 'lab/transition');
  const link = page.getByRole('link', { name: /^The paper/ });
  await expect.element(link).toHaveAttribute('href', 'https://doi.org/10.1109/72.279181');
  await expect.element(link).toHaveAttribute('target', '_blank');
  await expect.element(link).toHaveAttribute('rel', 'noopener noreferrer');
});

test('the weights of the cell are learned on its page, and the figure computes with them while they are', async () => {
  const weights = (w: number): RequestOf<'lab.cell'>['weights'] => ({
    input: [w, 0, 0, 0],
    inputGate: [0, 1, 0, 0],
    forgetGate: [0, 1, 0, 0],
    outputGate: [0, 0, 1, 0],
  });
  const bridge = shelf([]);
  bridge.answer('lab.cell', () => ({ steps: [] }));
  let finish = (): void => undefined;
  bridge.answer(
    'lab.gates',
    () =>
      new Promise((resolve) => {
        finish = () => resolve({ weights: weights(1.00049), losses: [2, 1, 0.5], rightShare: 0.998 });
      }),
  );
  await openWindow(bridge, 'lab/cell');
  const learned = page.getByTestId('lab-learned');
  await expect.element(learned).toHaveTextContent('Nobody need type them');
  await page.getByRole('button', { name: 'Learn the weights' }).click();
  bridge.emit('lab.measured', { experiment: 'gates', step: 25, losses: [9, 8], weights: weights(0.25) });
  await expect.element(learned).toHaveTextContent('Step 25: squared error 8.');
  await expect.poll(() => bridge.bodiesOf('lab.cell').at(-1)?.weights.input[0]).toBe(0.25);
  finish();
  await expect.element(learned).toHaveTextContent('Learned in 600 steps from seed 1: 99.8 %');
  await expect.poll(() => bridge.bodiesOf('lab.cell').at(-1)?.weights.input[0]).toBe(1);
  const weight = page.getByRole('spinbutton', { name: 'Input, weight of x₁' });
  await expect.element(weight).toHaveValue(1);
});
