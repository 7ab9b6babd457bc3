import { describe, expect, it } from 'vitest';
import {
  countOnGrids,
  findRecordingGrid,
  NO_GRID_COUNTS,
  snapToGrid,
} from '#shared/variance/forecast/recording-grid.ts';

const findGrid = (actuals: readonly number[]) =>
  findRecordingGrid(actuals.reduce(countOnGrids, NO_GRID_COUNTS));
const repeat = (hours: readonly number[], times: number) =>
  Array.from({ length: times }, () => hours).flat();

describe('findRecordingGrid', () => {
  it.each([
    [[1, 2, 3], 1],
    [[0.5, 1, 2.5], 0.5],
    [[0.25, 1.75, 2], 0.25],
    [[0.1, 0.3, 1.7], 0.1],
    [[0.05, 0.35, 7.15], 0.05],
    [[1 / 60, 7 / 60, 100 + 1 / 60], 1 / 60],
    [[0.123, 1.7171, 2], undefined],
  ])('of %j is %f', (hours, expected) => {
    expect(findGrid(repeat(hours, 20))).toBe(expected);
  });

  it('needs thirty actuals', () => {
    expect(findGrid(repeat([2], 29))).toBeUndefined();
    expect(findGrid(repeat([2], 30))).toBe(1);
  });

  it('bears one actual in twenty beside it', () => {
    expect(findGrid([...repeat([2], 38), 1.5, 2.5])).toBe(1);
    expect(findGrid([...repeat([2], 37), 1.5, 2.5, 0.5])).toBe(0.5);
  });
});

describe('snapToGrid', () => {
  it.each([
    [1.2, 0.5, 1],
    [1.25, 0.5, 1.5],
    [0.1, 0.5, 0.5],
    [1.2, undefined, 1.2],
  ])('brings %f on %s to %f', (hours, grid, expected) => {
    expect(snapToGrid(hours, grid)).toBe(expected);
  });
});
