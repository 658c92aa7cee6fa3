import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { highlight, wordsOf } from '../../src/candidates/pool-search.ts';
import { normaliseSkills } from '../../src/candidates/skills.ts';

const marked = (text: string, ...words: string[]): string =>
  highlight(text, words)
    .map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join('');

describe('what the pool is searched for', () => {
  it('is words, and a phone is one however it is spaced', () => {
    assert.deepEqual(wordsOf('  Maria,  Go '), ['Maria', 'Go']);
    assert.deepEqual(wordsOf('+49 (170) 123-45 67'), ['+491701234567']);
    assert.equal(wordsOf('a b c d e f g h').length, 6);
  });

  it('is marked where it is found, in any case, also where hits touch', () => {
    assert.equal(marked('Maria Ivanova', 'mar', 'IVAN'), '[Mar]ia [Ivan]ova');
    assert.equal(marked('Anna', 'an', 'na'), '[Anna]');
    assert.equal(marked('<b>Maria</b>', 'b'), '<[b]>Maria</[b]>');
    assert.equal(marked('Мария', 'МАР'), '[Мар]ия');
    assert.equal(marked('Maria'), 'Maria');
    assert.equal(marked('İstanbul', 'istanbul'), '[İstanbul]');
  });
});

describe('skills', () => {
  it('are trimmed, collapsed, and of two spellings the first stays', () => {
    assert.deepEqual(normaliseSkills(' Go, go;  machine   learning ,,\nGO'), ['Go', 'machine learning']);
    assert.deepEqual(normaliseSkills(''), []);
  });
});
