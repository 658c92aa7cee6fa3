import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ok, refuse } from '../../src/lib/result.ts';
import {
  acceptsReferrals,
  carryOut,
  close,
  deedsFor,
  OPENING_DEEDS,
  OPENING_STATES,
  pause,
  publish,
  reopen,
  resume,
} from '../../src/openings/opening.ts';

// Each deed in each state, as people would say it.
const TABLE = `
           draft        published         paused         closed
  publish  →published   alreadyPublished  isPaused       isClosed
  pause    stillDraft   →paused           alreadyPaused  isClosed
  resume   stillDraft   notPaused         →published     isClosed
  close    →closed      →closed           →closed        alreadyClosed
  reopen   notClosed    notClosed         notClosed      →published`;

describe('openings', () => {
  const rows = TABLE.trim()
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/));
  for (const [deed, ...answers] of rows) {
    OPENING_STATES.forEach((state, at) => {
      const answer = answers[at] as string;
      it(`${deed} when ${state}: ${answer}`, () => {
        const expected = answer.startsWith('→') ? ok(answer.slice(1)) : refuse(answer);
        assert.deepEqual(carryOut({ state }, deed as (typeof OPENING_DEEDS)[number]), expected);
      });
    });
  }

  it('every deed has its own verb', () => {
    for (const state of OPENING_STATES) {
      const answers = [publish, pause, resume, close, reopen].map((verb) => verb({ state }));
      assert.deepEqual(
        answers,
        OPENING_DEEDS.map((deed) => carryOut({ state }, deed)),
      );
    }
  });

  it('offer the deeds that can be done', () => {
    assert.deepEqual(deedsFor({ state: 'draft' }), ['publish', 'close']);
    assert.deepEqual(deedsFor({ state: 'published' }), ['pause', 'close']);
    assert.deepEqual(deedsFor({ state: 'paused' }), ['resume', 'close']);
    assert.deepEqual(deedsFor({ state: 'closed' }), ['reopen']);
  });

  it('take referrals while published only', () => {
    assert.deepEqual(
      OPENING_STATES.map((state) => acceptsReferrals({ state })),
      [false, true, false, false],
    );
  });
});
