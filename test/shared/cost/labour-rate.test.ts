import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { refuse, toInstant } from '#shared/kernel/index.ts';

const day = (n: number) => toInstant(n * 86_400_000);

describe('openLabourRates', () => {
  const rate = (given: Partial<cost.LabourRate> = {}): cost.LabourRate => ({
    person: 'dana',
    currency: 'EUR',
    costMicrosPerHour: 60_000_000n,
    billableMicrosPerHour: 90_000_000n,
    validFrom: day(10),
    validTo: day(20),
    ...given,
  });
  const work = { person: 'dana', effortMs: 5_400_000, occurredAt: day(10) };
  const askRates = (rates: cost.LabourRate[], given: Partial<cost.Labour> = {}) => {
    const opened = cost.openLabourRates(rates);
    if (!opened.ok) throw new Error(opened.refusal.code);
    return opened.value({ ...work, ...given });
  };

  it('prices effort by the hour, cost and bill apart', () => {
    expect(askRates([rate()])).toEqual({
      currency: 'EUR',
      costMicros: 90_000_000n,
      billableMicros: 135_000_000n,
    });
    expect(askRates([rate({ costMicrosPerHour: 1n })], { effortMs: 1_800_000 })?.costMicros).toBe(
      0n,
    );
    expect(askRates([rate({ costMicrosPerHour: 3n })], { effortMs: 1_800_000 })?.costMicros).toBe(
      2n,
    );
  });

  it('leaves out a rate that is blank', () => {
    expect(askRates([{ person: 'dana', currency: 'EUR', validFrom: day(1) }])).toEqual({
      currency: 'EUR',
    });
  });

  it('knows no rate of another person or another time', () => {
    expect(askRates([rate()], { person: 'lee' })).toBeUndefined();
    expect(askRates([rate()], { occurredAt: day(20) })).toBeUndefined();
    expect(askRates([rate()], { occurredAt: day(9) })).toBeUndefined();
  });

  it('refuses two rates of one person at one moment', () => {
    expect(cost.openLabourRates([rate(), rate({ validFrom: day(15), validTo: day(30) })])).toEqual(
      refuse({ code: 'RATES_OVERLAP', person: 'dana', at: day(15) }),
    );
    expect(cost.openLabourRates([rate(), rate({ person: 'lee' })]).ok).toBe(true);
    expect(cost.openLabourRates([rate(), rate({ validFrom: day(20) })]).ok).toBe(true);
  });
});
