import { describe, expect, it } from 'vitest';
import {
  BADGE_STATES,
  darkenByPage,
  describeGateBadge,
  drawGateBadge,
} from '#shared/chart/index.ts';

const badge = { gate: 'client approval', state: 'waived', note: 'until Friday' } as const;

describe('drawGateBadge', () => {
  it('has a sign of its own for every state', () => {
    const signs = BADGE_STATES.map(
      (state) => / d="([^"]+)"/.exec(drawGateBadge({ ...badge, state }))?.[1],
    );
    expect(new Set(signs).size).toBe(BADGE_STATES.length);
  });

  it('says by words what its sign says', () => {
    expect(drawGateBadge(badge)).toContain('>waived, until Friday<');
    expect(drawGateBadge({ ...badge, note: '' })).toContain('>waived<');
    expect(describeGateBadge(badge)).toBe('client approval: waived, until Friday');
  });

  it('lets no text of others become markup', () => {
    expect(drawGateBadge({ ...badge, gate: '<script>' })).toContain('&lt;script&gt;');
  });
});

describe('darkenByPage', () => {
  it('lets the page decide what is dark, and not the reader’s system', () => {
    const svg = drawGateBadge(badge);
    expect(svg).toContain('@media(prefers-color-scheme:dark)');
    const dark = darkenByPage(svg);
    expect(dark).not.toContain('prefers-color-scheme');
    expect(dark).toMatch(/^<svg id="DarkMode" /);
    expect(dark).toContain('#DarkMode:target .back{fill:#161b22}');
  });
});
