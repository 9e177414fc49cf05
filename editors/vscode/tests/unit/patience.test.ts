import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Patience, TOLERATED_ENDS } from '../../src/patience';

test('a server that keeps dying is given up', () => {
  const patience = new Patience();
  for (let end = 0; end < TOLERATED_ENDS; end += 1) {
    assert.equal(patience.startAgain(end * 1000), true);
  }
  assert.equal(patience.startAgain(TOLERATED_ENDS * 1000), false);
});

test('a death now and then is always answered with a new start', () => {
  const patience = new Patience();
  for (let end = 0; end < 20; end += 1) {
    assert.equal(patience.startAgain(end * 10 * 60 * 1000), true);
  }
});
