import { describe, expect, it } from 'vitest';
import { proveRouting, tellRouting } from './proof-routing.ts';
import { playBreaker } from './simulate-breaker.ts';

describe('routing by what tools have shown', () => {
  const proof = proveRouting(5);

  it('gives the best tool at least 80 % of the work once it had 200 tries to learn', () => {
    expect(proof.bestShare.median).toBeGreaterThanOrEqual(0.8);
  });

  it('finds the new best tool when the old one has become the worst', () => {
    expect(proof.bestShareAfterDrift.median).toBeGreaterThanOrEqual(0.8);
  });

  it('is fair in turn and by weight', () => {
    expect([proof.roundRobinSpread, proof.unfairCycles]).toEqual([1, 0]);
  });

  it('tells what it found in lines', () => {
    expect(tellRouting(proof).length).toBe(3);
  });
});

describe('a tool that faults', () => {
  it('is asked eleven times in an hour, while every task finds the other', () => {
    const { calledAt, openings, unrouted } = playBreaker(3600, 3600);
    expect(calledAt).toEqual([0, 1, 2, 3, 4, 64, 184, 424, 904, 1804, 2704]);
    expect([openings, unrouted]).toEqual([7, 0]);
  });

  it('is used again from the first probe that succeeds', () => {
    const { calledAt, openings } = playBreaker(2000, 1000);
    expect(calledAt.slice(0, 11)).toEqual([0, 1, 2, 3, 4, 64, 184, 424, 904, 1804, 1805]);
    expect([calledAt.length, openings]).toEqual([9 + 196, 5]);
  });
});
