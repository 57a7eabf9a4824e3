import { describe, expect, it } from 'vitest';
import { classesOf, classWeightsOf, labelListOf } from '../../../engine/labelling/labelList';

describe('the labels of a model', () => {
  it('are each there once, in an order that does not depend on the rows', () => {
    expect(labelListOf([['b', 'O'], ['a'], ['b']])).toEqual(['O', 'a', 'b']);
    expect([...classesOf(['O', 'a', 'b'])(['b', 'O'])]).toEqual([2, 0]);
  });
  it('are at least two', () => {
    expect(() => labelListOf([['a'], ['a']])).toThrow('have 1 different labels');
  });
});

describe('class weights', () => {
  const sequences = [['a', 'a', 'a'], ['b']];
  it('are none, or those that were named and 1', () => {
    expect(classWeightsOf(null, ['a', 'b'], sequences)).toBeNull();
    expect(classWeightsOf({ b: 5 }, ['a', 'b'], sequences)).toEqual([1, 5]);
  });
  it('make every label weigh alike when balanced; one that is never learned weighs 1', () => {
    expect(classWeightsOf('balanced', ['a', 'b', 'c'], sequences)).toEqual([4 / (2 * 3), 4 / (2 * 1), 1]);
  });
  it('of what is no label are refused, whatever objects inherit', () => {
    expect(() => classWeightsOf({ z: 1 }, ['a', 'b'], sequences)).toThrow('names z, but no row');
    expect(classWeightsOf({}, ['constructor', 'b'], sequences)).toEqual([1, 1]);
  });
});
