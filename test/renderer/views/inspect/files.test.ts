import { describe, expect, test } from 'vitest';
import { figuresAsPng, figuresAsSvg, type Figure } from '../../../../renderer/charts/figurePicture';
import { npyBytes } from '../../../../renderer/charts/npy';
import { matrixAsCsv, matrixAsJson } from '../../../../renderer/views/inspect/matrixFiles';
import '../../../../renderer/styles/tokens.css';

const matrix = {
  name: 'layer0.forward.forgetGate',
  values: Float32Array.of(0.5, -1, 0.1, 2),
  frames: 2,
  units: 2,
  frameMs: 10,
};

describe('a matrix', () => {
  test('as NPY has a header that numpy.load reads, and its values from a multiple of 64 on', () => {
    const bytes = npyBytes(matrix.values, [2, 2]);
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const begin = 10 + view.getUint16(8, true);
    expect(begin % 64).toBe(0);
    expect(new TextDecoder('latin1').decode(bytes.subarray(10, begin))).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 2\), \} *\n$/,
    );
    expect([0, 1, 2, 3].map((k) => view.getFloat32(begin + 4 * k, true))).toEqual([...matrix.values]);
  });

  test('as CSV has a line for each frame, numbers with a point', () => {
    expect(matrixAsCsv(matrix).split('\n')).toEqual(['frame,seconds,unit_0,unit_1', '0,0,0.5,-1', '1,0.01,0.1,2']);
  });

  test('that begins later than the sound says where, and leaves a place empty where there is no number', () => {
    const late = { ...matrix, values: Float32Array.of(NaN, -1, 0.1, 2), firstFrame: 7 };
    expect(matrixAsCsv(late).split('\n').slice(1)).toEqual(['7,0.07,,-1', '8,0.08,0.1,2']);
    expect(JSON.parse(matrixAsJson(late))).toMatchObject({
      firstFrame: 7,
      values: [
        [null, -1],
        [0.1, 2],
      ],
    });
  });

  test('as JSON says what it is and holds a row for each frame', () => {
    expect(JSON.parse(matrixAsJson(matrix))).toEqual({
      name: 'layer0.forward.forgetGate',
      shape: [2, 2],
      frameMs: 10,
      values: [
        [0.5, -1],
        [0.1, 2],
      ],
    });
  });
});

describe('figures as a picture', () => {
  const figure: Figure = {
    name: 'Forget gate <1>',
    detail: 'mean 0.5',
    height: 20,
    rows: ['a', 'b'],
    paint: ({ context, width, height }) => {
      context.fillStyle = '#ff0000';
      context.fillRect(0, 0, width, height);
    },
  };
  const options = { title: 'Five & two', span: { startMs: 0, endMs: 1_000 }, width: 300 };

  test('as SVG are well-formed, with names, marks of time and what was drawn', async () => {
    const text = await figuresAsSvg([figure, figure], options);
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(read.querySelector('parsererror')).toBeNull();
    const words = [...read.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(words).toEqual(expect.arrayContaining(['Five & two', 'Forget gate <1>', 'mean 0.5', 'a', 'b', '0.5 s']));
    expect(read.querySelectorAll('image')).toHaveLength(2);
  });

  test('as PNG show each figure below the other', async () => {
    const bitmap = await createImageBitmap(await figuresAsPng([figure, figure], options));
    const canvas = document.createElement('canvas');
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const column = context.getImageData(bitmap.width / 2 + 100, 0, 1, bitmap.height).data;
    const reds = Array.from({ length: bitmap.height }, (_, y) => column[4 * y] === 255 && column[4 * y + 1] === 0);
    expect(reds.filter(Boolean)).toHaveLength(2 * 2 * 20);
  });
});
